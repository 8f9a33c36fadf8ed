"""The node's images: how they are made, and that what they are made for runs in them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import kit
import pytest
from cluster import binaries, image_component, image_python, images, process, sandbox
from cluster.image_build import Image, Layer
from cluster.image_layout import Layout
from cluster.image_tree import Folder, Link, below
from cluster.requirements import MissingRequirement, not_run

COMPONENTS = Path(__file__).resolve().parents[2] / "components"
ANYBODY = "12345"  # a user that no image knows
STANDARD_LIBRARY = """
import importlib, pathlib, sysconfig
for file in pathlib.Path(sysconfig.get_path("stdlib"), "lib-dynload").glob("*.so"):
    importlib.import_module(file.name.split(".")[0])
"""
COMPILED = """
import kfp, os, sys
specs = [getattr(module, "__spec__", None) for module in sys.modules.values()]
print(*[spec.origin for spec in specs if spec and spec.cached and not os.path.exists(spec.cached)])
"""


def files(folder: Path, time: int) -> Layer:
    (folder / "sub").mkdir(parents=True)
    for name, content in {"sub/b": "b", "a": "a"}.items():
        (folder / name).write_text(content)
        os.utime(folder / name, (time, time))
    return Layer("files", lambda _: {**below(folder, "opt"), "tmp": Folder(0o1777), "opt/c": Link("a"), "d": b"d"})


def test_the_same_files_make_the_same_image_whenever_and_wherever_they_were_written(tmp_path: Path) -> None:
    one = images.build(tmp_path / "1", [Image(("x:1",), (files(tmp_path / "one", 1),), {})])
    two = images.build(tmp_path / "2", [Image(("x:1",), (files(tmp_path / "two", 2),), {})])
    other = images.build(tmp_path / "3", [Image(("x:1",), (files(tmp_path / "other", 1),), {"User": "1"})])
    assert one == two != other


def test_a_layer_is_made_once_for_all_images_and_all_times(tmp_path: Path) -> None:
    made = []
    layer = Layer("layer", lambda folder: made.append(folder) or {"file": b"content"})
    for _ in range(2):
        images.build(tmp_path, [Image(("x:1",), (layer,), {}), Image(("y:1",), (layer,), {})])
    assert len(made) == 1


def test_what_no_name_leads_to_any_more_is_removed(tmp_path: Path) -> None:
    def image(content: bytes) -> Image:
        return Image(("x:1",), (Layer(content.decode(), lambda folder: {"file": content}),), {})

    images.build(tmp_path, [image(b"old")])
    old = {blob.name for blob in (tmp_path / "blobs/sha256").iterdir()}
    (tmp_path / "scratch-of-a-killed-build").mkdir()
    images.build(tmp_path, [image(b"new")])
    left = {blob.name for blob in (tmp_path / "blobs/sha256").iterdir()}
    assert (len(old), len(left), old & left) == (3, 3, set())
    assert not list(tmp_path.glob("scratch-*"))


def test_a_components_image_is_what_its_dockerfile_says(tmp_path: Path) -> None:
    shared, folder = tmp_path / "components" / "shared", tmp_path / "components" / "one"
    for package in (shared / "src" / "common", folder / "src"):
        package.mkdir(parents=True)
        (package / "thing.py").write_text("x = 1\n")
    (shared / "pyproject.toml").write_text("[project]\n")
    (shared / "requirements.txt").write_text("# why\nkfp  # why\n")
    (shared / "Dockerfile").write_text(
        "FROM python:3.11\nCOPY components/shared/requirements.txt /opt/requirements.txt\nWORKDIR /home/step\n"
    )
    (folder / "requirements.txt").write_text("\nsix>1 ; python_version > '3'\n")
    (folder / "Dockerfile").write_text(
        "FROM base\nCOPY components/shared /opt/shared\n"
        "COPY components/one/requirements.txt /opt/own-requirements.txt\n"
        "COPY components/one/src /opt/src\nRUN pip install x \\\n  && true\n"
        'ENV PYTHONPATH=/opt/src NOTE="two words"\nUSER 20002\n'
    )
    described = image_component.read(folder)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    tree = described.own.tree(scratch)

    assert described.requirements == ("kfp", "six>1 ; python_version > '3'")
    assert described.environment == ("PYTHONPATH=/opt/src", "NOTE=two words")
    assert described.running == {"User": "20002", "WorkingDir": "/home/step"}
    assert tree["opt/src/thing.py"] == folder / "src" / "thing.py"
    assert tree[f"{image_python.SITE}/common/thing.py"] == shared / "src" / "common" / "thing.py"
    assert tree["home/step"] == Folder(0o755, 20002)
    assert b"20002:20002::/home/step:" in tree["etc/passwd"]


def test_an_image_that_stands_on_python_alone_has_its_command_and_nothing_of_the_steps(tmp_path: Path) -> None:
    described = image_component.read(COMPONENTS / "operations")
    tree = described.own.tree(tmp_path)

    names = {each.partition("==")[0] for each in described.requirements}
    assert "lightkube" in names and "kfp" not in names
    assert described.running == {"User": "10001", "WorkingDir": "/home/operations", "Entrypoint": ["operations"]}
    assert tree[f"{image_python.SITE}/operations/cli.py"] == COMPONENTS / "operations/src/operations/cli.py"
    assert not [place for place in tree if place.startswith("opt/operations")]
    command = tree["opt/venv/bin/operations"]
    assert os.access(command, os.X_OK) and "from operations.cli import app\n" in command.read_text()


@pytest.mark.parametrize("requirement", ["kfp==1.0", "no-such-distribution"])
def test_a_requirement_that_is_not_installed_is_named(requirement: str) -> None:
    with pytest.raises(MissingRequirement, match=f"Python packages missing: {requirement}"):
        image_python.closure([requirement])


def test_requirements_are_followed_by_their_extras_and_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requires = {
        "one": ["two[x]"],
        "two": ['three ; extra == "x"', 'four ; extra == "y"', 'five ; python_version < "3"'],
    }
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}-1.dist-info").mkdir()
        lines = [f"Name: {name}", "Version: 1", *(f"Requires-Dist: {item}" for item in requires.get(name, []))]
        (tmp_path / f"{name}-1.dist-info" / "METADATA").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert image_python.closure(["one", "absent ; extra == 'x'"]).keys() == {"one", "two", "three"}


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Runs a command in the image of Python with kfp: read-only but for /tmp, no HOME, as a user it does not know."""
    try:
        if os.geteuid() != 0:
            raise MissingRequirement("only root becomes another user")
        named = images.build(binaries.BUILT / "images", [images.python()])
        private = sandbox.create()
    except MissingRequirement as missing:
        not_run(request, missing)
    with private:
        root = tmp_path_factory.mktemp("root")
        unpack(Layout(binaries.BUILT / "images"), named[images.PYTHON[0]], root)
        close(private, root)
        user = ["/usr/sbin/chroot", f"--userspec={ANYBODY}:{ANYBODY}", root]
        enter = ["env", "-i", images.SHELLS, images.LANGUAGE, *user]
        yield lambda *command: private.run([*enter, *command])


def unpack(layout: Layout, digest: str, root: Path) -> None:
    for layer in layout.manifest(digest)["layers"]:
        process.run(["tar", "--extract", "--same-permissions", "-f", layout.blob(layer["digest"]), "-C", root])


def close(private: sandbox.Sandbox, root: Path) -> None:
    """Make the folder what a pod with a read-only root sees."""
    root.chmod(0o755)
    (root / "dev").mkdir()
    private.run(["mount", "--bind", root, root])
    private.run(["mount", "-o", "remount,bind,ro", root])
    private.run(["mount", "-t", "tmpfs", "tmpfs", root / "tmp"])
    private.run(["mount", "--bind", "/dev", root / "dev"])


def test_the_image_has_python_under_both_names_and_a_shell(python: Callable[..., str]) -> None:
    places = ["/opt/venv/bin/python", "/opt/venv/bin/python3", "/bin/sh"]
    assert python("sh", "-ec", "id -u; which python python3 sh").split() == [ANYBODY, *places]


def test_every_extension_module_of_the_standard_library_finds_its_libraries(python: Callable[..., str]) -> None:
    python("python3", "-c", STANDARD_LIBRARY)


def test_kfp_is_there_with_all_that_it_imports_compiled(python: Callable[..., str]) -> None:
    assert python("python3", "-c", COMPILED).strip() == ""


def test_the_executor_of_kfp_runs_a_component(python: Callable[..., str]) -> None:
    container = kit.echo.component_spec.implementation.container
    places = {"outputFile": "/tmp/executor_output.json", "parameters": {"Output": {"outputFile": "/tmp/Output"}}}
    told = json.dumps({"inputs": {"parameterValues": {"text": kit.AWKWARD}}, "outputs": places})
    command = [told if item == "{{$}}" else item for item in [*container.command, *container.args]]
    written = python("sh", "-ec", '"$@" >&2; cat /tmp/executor_output.json', "sh", *command)
    assert json.loads(written) == {"parameterValues": {"Output": kit.AWKWARD}}
