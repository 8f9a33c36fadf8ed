"""The layers of the design hold: who imports whom, and who touches the disk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).resolve().parents[2]
DISK_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rename", "rmdir",
    "rmtree", "iterdir", "glob", "rglob", "touch", "symlink_to", "hardlink_to", "copyfile", "copytree", "scandir",
}  # fmt: skip
MAY_TOUCH_THE_DISK = {
    "generators/inventory/read": "reads the repository",
    "generators/output": "write.py and its neighbours write the machine-written folders",
    "generators/runner": "a run keeps its steps' files in a folder of its own",
    "generators/engines/argo/task/python.py": "reads the bootstrap, which is no file of the repository",
    "generators/engines/argo/task/bootstrap.py": "is a program that runs in a pod",
    "generators/ir/validate/descriptors.py": "reads KFP's own descriptors, which are no file of the repository",
    "generators/fleet/cache.py": "keeps results in the user's cache folder",
    "generators/fleet/git.py": "unpacks what a revision holds, in a temporary folder",
    "generators/fleet/toolchain.py": "hashes graft's own code, which is no file of the repository",
    "generators/cli.py": "opens the null device, once nobody reads what is printed",
    "generators/options.py": "reads the file that a verb is given",
    "generators/checks/definitions/folder.py": "reads definitions that a person names",
    "generators/checks/definitions/__main__.py": "writes the schemas that are made of them",
    "generators/cron/zones.py": "reads the database of time zones, which is no file of the repository",
    "generators/live/kubeconfig.py": "reads a person's kubeconfig, which is no file of the repository",
    "generators/scaffold/files.py": "reads its templates, which are no files of the repository",
    "generators/scaffold/templates": "is code of what is scaffolded",
    "generators/delivery/settings.py": "reads its health checks, which are no files of the repository",
    "generators/ir/reached.py": "reads the packages of the components, to see what a step reaches",
    "generators/ir/embedding.py": "packs them into a step, in the compiler's process",
    "generators/ir/building.py": "is what runs in the compiler's process, and names the line of an error",
    "generators/ir/answers.py": "judges the text of the author's files, in the compiler's process",
    "generators/sandbox": "opens files for a process that may not",
}


def test_the_import_contracts_are_kept() -> None:
    configure()

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)


def test_only_the_named_places_touch_the_disk() -> None:
    touching = {
        str(file.relative_to(ROOT)): sorted(set(_disk_calls(file))) for file in (ROOT / "generators").rglob("*.py")
    }

    strangers = {
        file: calls for file, calls in touching.items() if calls and not file.startswith(tuple(MAY_TOUCH_THE_DISK))
    }
    assert strangers == {}


def test_every_place_that_may_touch_the_disk_does() -> None:
    for place in MAY_TOUCH_THE_DISK:
        path = ROOT / place
        files = [path] if path.is_file() else path.rglob("*.py")
        assert any(call for file in files for call in _disk_calls(file)), f"{place} needs no exception"


def test_no_test_imports_another_test() -> None:
    """Two of one name shadow each other: which one is found depends on what was collected before."""
    files = [file for folder in ("tests", "components") for file in (ROOT / folder).rglob("*.py")]

    found = {str(file.relative_to(ROOT)): list(_test_modules(file)) for file in files}
    assert {file: names for file, names in found.items() if names} == {}


def _test_modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from [node.module] if (node.module or "").startswith("test_") else []
        elif isinstance(node, ast.Import):
            yield from [each.name for each in node.names if each.name.startswith("test_")]


def _disk_calls(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in DISK_CALLS:
                yield name
