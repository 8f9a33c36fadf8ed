"""Every component: pins that agree with the lock, images without privileges, inputs that are used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from generators.catalogue.locks import applies, lines, python_of

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / "components" / "shared"
COMPONENTS = sorted(folder.parent for folder in ROOT.glob("components/*/component.py"))
IMAGES = sorted(
    folder.parent for folder in ROOT.glob("components/*/metadata.yaml") if not (folder.parent / "component.py").exists()
)
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]+?))?\s*\\?$", re.MULTILINE)


def _id(folder: Path) -> str:
    return folder.name


@pytest.mark.parametrize("folder", [SHARED, *COMPONENTS, *IMAGES], ids=_id)
def test_the_images_pins_are_those_of_the_lock(folder: Path) -> None:
    text = (folder / "requirements.txt").read_text()
    wanted = set(PIN.findall(text))
    assert len(wanted) == len(text.splitlines())
    assert wanted <= set(PIN.findall((ROOT / "requirements.lock").read_text()))


@pytest.mark.parametrize("folder", [SHARED, *COMPONENTS, *IMAGES], ids=_id)
def test_an_images_lock_holds_the_versions_of_the_lock(folder: Path) -> None:
    text = (folder / "requirements.lock").read_text()
    here = [each.requirement() for each in lines((ROOT / "requirements.lock").read_text())]
    run_here = {each.name: str(each.specifier) for each in here if each and applies(each, python_of(text))}
    for line in lines(text):
        locked = line.requirement()
        assert locked and run_here.get(locked.name) == str(locked.specifier), line.text


@pytest.mark.parametrize("folder", COMPONENTS, ids=_id)
def test_an_image_adds_nothing_that_the_base_image_has(folder: Path) -> None:
    own, base = (set(PIN.findall((each / "requirements.txt").read_text())) for each in (folder, SHARED))
    assert not own & base


@pytest.mark.parametrize("folder", COMPONENTS, ids=_id)
def test_an_image_is_the_base_image_by_digest_and_runs_as_a_user_without_privileges(folder: Path) -> None:
    text = (folder / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE_IMAGE=\S+/base@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE)[-1] == "10001"
    assert f"COPY components/{folder.name}/src /opt/src" in text and "COPY components/shared /opt/shared" in text


@pytest.mark.parametrize("folder", IMAGES, ids=_id)
def test_an_image_alone_is_a_slim_python_by_digest_and_runs_as_a_user_without_privileges(folder: Path) -> None:
    text = (folder / "Dockerfile").read_text()
    assert re.search(r"^ARG PYTHON_IMAGE=\S+/python:3\.12\S+@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE) == ["10001"]


@pytest.mark.parametrize("folder", IMAGES, ids=_id)
def test_an_image_alone_installs_what_its_package_imports_and_is_built_by(folder: Path) -> None:
    files = list(folder.glob("src/**/*.py"))
    trees = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    modules = {node.module for node in trees if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    modules |= {name.name for node in trees if isinstance(node, ast.Import) for name in node.names}
    needed = {name.split(".")[0] for name in modules} - {*sys.stdlib_module_names, folder.name}
    built_by = tomllib.loads((folder / "pyproject.toml").read_text())["build-system"]["requires"]
    needed |= {Requirement(each).name for each in built_by}
    assert {name.replace("_", "-") for name in needed} == {name for name, _, _ in _pins(folder)}


@pytest.mark.parametrize("folder", COMPONENTS, ids=_id)
def test_every_input_of_a_step_is_used_in_its_body(folder: Path) -> None:
    for function in _functions(folder, "component"):
        names = {node.id for statement in function.body for node in ast.walk(statement) if isinstance(node, ast.Name)}
        assert {argument.arg for argument in function.args.args} <= names, function.name


@pytest.mark.parametrize("folder", COMPONENTS, ids=_id)
def test_the_image_is_the_logical_name_of_the_folder(folder: Path) -> None:
    text = (folder / "component.py").read_text()
    assert f'IMAGE = "{folder.name.replace("_", "-")}"' in text
    assert set(re.findall(r"base_image=([^,)]+)", text)) == {"IMAGE"}


def _pins(folder: Path) -> list[tuple[str, str, str]]:
    return PIN.findall((folder / "requirements.txt").read_text())


def _functions(folder: Path, decorator: str) -> list[ast.FunctionDef]:
    tree = ast.parse((folder / "component.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [each for each in functions if any(decorator in ast.unparse(used) for used in each.decorator_list)]
