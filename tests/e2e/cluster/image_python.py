"""Layers with this machine's own Python: its interpreter, and the distributions that are installed beside the tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cluster.image_build import Layer
from cluster.image_tree import HEADERS, Link, Tree, below
from cluster.requirements import MissingRequirement

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PREFIX = Path(sys.base_prefix)
# The interpreter keeps its place, which its libraries may name; the distributions are in an environment of their own.
ENVIRONMENT = "opt/venv"
SITE = f"{ENVIRONMENT}/lib/python{VERSION}/site-packages"
UNUSED = ("site-packages", "dist-packages", "test", "tests", "idlelib", "turtledemo")
LOADED = re.compile(r"^\s(?:\S+ => )?(/\S+) \(0x", re.MULTILINE)  # a line of ldd


def interpreter() -> Layer:
    """The interpreter and its standard library, as /opt/venv/bin/python3."""
    return Layer(f"interpreter {sys.version} {PREFIX}", _interpreter)


def _interpreter(folder: Path) -> Tree:
    program, library = PREFIX / "bin" / f"python{VERSION}", Path(sysconfig.get_path("stdlib"))
    compiled_in = sysconfig.get_config_var("LIBPL") or ""  # what programs with an interpreter inside are linked with
    modules = below(library, str(library).strip("/"), *UNUSED, Path(compiled_in).name)
    extensions = [file for file in modules.values() if file.suffix == ".so"]
    return {
        f"{ENVIRONMENT}/pyvenv.cfg": f"home = {program.parent}\nversion = {VERSION}\n".encode(),
        f"{ENVIRONMENT}/bin/python": Link("python3"),
        f"{ENVIRONMENT}/bin/python3": Link(str(program)),
        str(program).strip("/"): program,
        **libraries([program, *extensions]),
        **with_bytecode(modules, folder),
    }


def distributions(requirements: Iterable[str], beneath: Iterable[str] = ()) -> Layer:
    """What is installed here of these requirements and all that they require, but for that of the layers beneath."""
    lower = closure(beneath)
    wanted = {name: found for name, found in closure(requirements).items() if name not in lower}
    versions = {name: found.version for name, found in sorted(wanted.items())}
    return Layer(f"distributions {sys.version} {json.dumps(versions)}", lambda folder: _installed(wanted, folder))


def _installed(wanted: dict[str, Distribution], folder: Path) -> Tree:
    files = {place: file for found in wanted.values() for place, file in recorded(found).items()}
    # a library that lies among them is found by its path relative to its users, so this machine's path is of no use
    roots = tuple({str(found.locate_file("")) for found in wanted.values()})
    needed = libraries(file for file in files.values() if ".so" in file.suffixes)
    outside = {place: file for place, file in needed.items() if not str(file).startswith(roots)}
    return {**outside, **with_bytecode(files, folder)}


def closure(requirements: Iterable[str]) -> dict[str, Distribution]:
    """The distributions that these requirements need here, extras and markers minded, by name."""
    found: dict[tuple[str, frozenset[str]], Distribution] = {}
    waiting = [item for item in map(Requirement, requirements) if _applies(item)]
    while waiting:
        requirement = waiting.pop()
        extras = frozenset(requirement.extras)
        key = (canonicalize_name(requirement.name), extras)
        if key not in found:
            found[key] = _found(requirement)
            waiting += [item for item in map(Requirement, found[key].requires or []) if _applies(item, extras)]
    return {name: item for (name, _), item in found.items()}


def _applies(requirement: Requirement, extras: Iterable[str] = ()) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def _found(requirement: Requirement) -> Distribution:
    try:
        item = distribution(requirement.name)
    except PackageNotFoundError:
        raise MissingRequirement(f"Python packages missing: {requirement.name}") from None
    if not requirement.specifier.contains(item.version, prereleases=True):
        raise MissingRequirement(f"Python packages missing: {requirement} (installed: {item.version})")
    return item


def recorded(item: Distribution) -> Tree:
    """A distribution's files by its own record, without its commands: their first line names this machine's Python."""
    files = {file: Path(os.path.normpath(item.locate_file(file))) for file in item.files or []}
    return {
        f"{SITE}/{name}": file
        for name, file in files.items()
        if name.parts[0] != ".." and "__pycache__" not in name.parts and name.suffix not in HEADERS and file.is_file()
    }


def libraries(programs: Iterable[Path]) -> Tree:
    """The shared libraries that programs and extension modules load, the loader included, at their own places."""
    command = ["ldd", *map(str, programs)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # 1 where one needs none
    places = {os.path.normpath(path) for path in LOADED.findall(printed)}
    return {place.strip("/"): Path(place) for place in places}


def with_bytecode(tree: Tree, folder: Path) -> Tree:
    """The tree with its modules compiled, or every pod would do that again: seconds for kfp, many for TensorFlow.

    Checked against nothing, since a layer's files do not change and their times are not those of this machine.
    """
    staged = folder / "modules"
    for place, file in tree.items():
        if place.endswith(".py") and "tests" not in PurePosixPath(place).parts:
            (staged / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, staged / place)
    options = ["-q", "-q", "-j", "0", "-s", str(staged), "-p", "/", "--invalidation-mode", "unchecked-hash"]
    # fails for the templates among the modules, which nobody imports
    subprocess.run([sys.executable, "-m", "compileall", *options, str(staged)], check=False)
    return {**tree, **{str(file.relative_to(staged)): file for file in staged.rglob("*.pyc")}}
