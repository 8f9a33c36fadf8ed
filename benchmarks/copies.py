"""Make repositories to measure on: this one as it is, or a fleet of copies of its pipeline.

Every copy of transfer-learning is a pipeline of its own, with its class, its schema, and its component, one step of
which has other code: no two pipelines have a definition in common.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from benchmarks import environments
from benchmarks.sizes import MODULE, PIPELINE, Size

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = ("base/defaults.yml", ".gitignore", ".kapitan")  # and schemas/, whole but for the pipelines' own
_NOT_COPIED = shutil.ignore_patterns("tests", "__pycache__", "*.egg-info", "README.md")  # the last is rendered


def this_repository(root: Path) -> Path:
    """A copy of the files that Git has of this checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (source := REPOSITORY / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir() or source.is_symlink():
                (root / name).symlink_to(source.readlink())
            else:
                shutil.copy2(source, root / name)
    return _git(root)


def fleet(root: Path, size: Size) -> Path:
    """A repository with `size` times this one's pipeline, its sources committed and nothing rendered."""
    shutil.copytree(REPOSITORY / "schemas", root / "schemas", ignore=lambda folder, names: _own(names))
    for name in SHARED:
        _write(root / name, (REPOSITORY / name).read_text())
    for component in (REPOSITORY / "components").iterdir():
        if component.is_dir() and component.name != MODULE:
            shutil.copytree(component, root / "components" / component.name, ignore=_NOT_COPIED)
    for name in size.pipeline_names:
        _pipeline(root, name)
    for name in size.environment_names:
        environments.write(root, name, environments.environment(REPOSITORY, name, size))
    return _git(root)


def _own(names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(PIPELINE)}


def _pipeline(root: Path, name: str) -> None:
    """One copy: the same files under another name, and another first step."""
    module = name.replace("-", "_")
    for file in (
        f"generators/pipelines/{MODULE}.py",
        f"base/pipelines/{MODULE}.yml",
        f"schemas/parameters/{PIPELINE}.schema.json",
    ):
        text = (REPOSITORY / file).read_text().replace(PIPELINE, name).replace(MODULE, module)
        _write(root / file.replace(PIPELINE, name).replace(MODULE, module), text)
    component = root / "components" / module
    shutil.copytree(REPOSITORY / "components" / MODULE, component, ignore=_NOT_COPIED)
    for file in filter(Path.is_file, component.iterdir()):
        text = file.read_text().replace(f"components/{MODULE}/", f"components/{module}/")  # what its Dockerfile copies
        file.write_text(text.replace(PIPELINE, name).replace(f"name: {MODULE}", f"name: {module}"))
    code, changed = re.subn(r'(?m)^    """', f'    """({name}) ', (component / "component.py").read_text(), count=1)
    assert changed, "no step of the component has a docstring to change"
    (component / "component.py").write_text(code)


def _git(root: Path) -> Path:
    """The folder as a Git repository with one commit, as graft finds one everywhere else."""
    commit = ["-c", "user.name=graft", "-c", "user.email=graft@localhost", "commit", "--quiet", "--message=fleet"]
    for words in (["init", "--quiet"], ["add", "--all"], commit):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
