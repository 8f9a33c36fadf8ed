"""What a component's Dockerfile says, as far as it can be followed without Docker.

Followed are COPY from the repository, ENV, USER, WORKDIR and ENTRYPOINT; `pip install --requirement` is what is
installed here of the files of requirements that it copies, of a lock that which it is made from, since it holds for the
image's Python and not for this one; what it installs of a folder lies beside the distributions, with its commands. A
user by number is made with WORKDIR as its home. FROM is the base image of components/shared where it is called `base`,
and else this machine's own Python.
"""

from __future__ import annotations

import hashlib
import json
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cluster.image_build import Layer
from cluster.image_programs import accounts
from cluster.image_python import ENVIRONMENT, SITE, with_bytecode
from cluster.image_tree import Tree, below


@dataclass(frozen=True)
class Described:
    """What the image holds above its distributions, and how it runs."""

    requirements: tuple[str, ...]
    own: Layer
    environment: tuple[str, ...]
    running: dict[str, Any]


SHARED, BASE = "components/shared", "base"
PACKAGE = "pyproject.toml"
REQUIREMENTS = ("requirements.txt", "requirements.lock")
COMMAND = """#!/{environment}/bin/python3
import sys
from {module} import {function}
sys.exit({function}())
"""


def read(folder: Path) -> Described:
    """Follow the Dockerfile of the component in `folder`, which lies in components/ of a repository."""
    root = folder.parents[1]
    instructions = list(_followed(root, folder / "Dockerfile"))
    last = dict(instructions)
    user, home = last.get("USER", ["0"])[0], last.get("WORKDIR", ["/"])[0]
    copies = [rest for word, rest in instructions if word == "COPY"]
    copied = {place: file for names in copies for place, file in _copied(root, names)}
    files = [root / name for names in copies for name in names[:-1] if name.endswith(REQUIREMENTS)]
    entrypoint = {"Entrypoint": last["ENTRYPOINT"]} if "ENTRYPOINT" in last else {}
    return Described(
        tuple(line for file in files for line in _requirements(file.with_suffix(".txt").read_text())),
        _own({place: file for place, file in copied.items() if file not in files}, user, home),
        tuple(setting for word, rest in instructions if word == "ENV" for setting in rest),
        {"User": user, "WorkingDir": home, **entrypoint},
    )


def _followed(root: Path, dockerfile: Path) -> Iterator[tuple[str, list[str]]]:
    """Its instructions, after those of the base image where it stands on that."""
    own = list(_instructions(dockerfile.read_text())) if dockerfile.is_file() else []
    shared = root / SHARED / "Dockerfile"
    if _base(own) == BASE and shared.is_file():
        yield from _instructions(shared.read_text())
    yield from own


def _base(instructions: list[tuple[str, list[str]]]) -> str:
    """The name of the image that FROM says, by the default of an ARG where it names one."""
    arguments = dict(rest[0].partition("=")[::2] for word, rest in instructions if word == "ARG")
    image = dict(instructions).get("FROM", [""])[0]
    image = arguments.get(image.strip("${}"), image)
    return PurePosixPath(image.partition("@")[0]).name.partition(":")[0]


def _instructions(dockerfile: str) -> Iterator[tuple[str, list[str]]]:
    for line in dockerfile.replace("\\\n", " ").splitlines():
        word, *rest = shlex.split(line, comments=True) or [""]
        if word.upper() == "ENTRYPOINT":
            yield "ENTRYPOINT", json.loads(line.partition(word)[2])
        elif word:
            yield word.upper(), rest


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if requirement := line.partition("#")[0].strip():
            yield requirement


def _copied(root: Path, names: list[str]) -> Iterator[tuple[str, Path]]:
    """What COPY of these names, the last of which is where to, puts at which place."""
    *sources, target = names
    into = target.endswith("/")
    for source in (root / name for name in sources):
        if source.is_dir():
            yield from below(source, target.strip("/")).items()
        else:
            yield f"{target.strip('/')}/{source.name}" if into else target.strip("/"), source


def _installed(copied: Tree, folder: Path) -> Tree:
    """A folder with a pyproject.toml is what `pip install` makes of it, its commands written into `folder`."""
    found = dict(copied)
    for place, file in copied.items():
        if PurePosixPath(place).name == PACKAGE:
            package, source = f"{PurePosixPath(place).parent}/", f"{PurePosixPath(place).parent}/src/"
            inside = {name: found.pop(name) for name in copied if name.startswith(package)}
            modules = {name: it for name, it in inside.items() if name.startswith(source)}
            found |= {f"{SITE}/{name.removeprefix(source)}": it for name, it in modules.items()}
            found |= _commands(file, folder)
    return found


def _commands(package: Path, folder: Path) -> Tree:
    found = {}
    for name, entry in tomllib.loads(package.read_text()).get("project", {}).get("scripts", {}).items():
        module, _, function = entry.partition(":")
        command = folder / "commands" / name
        command.parent.mkdir(exist_ok=True)
        command.write_text(COMMAND.format(environment=ENVIRONMENT, module=module, function=function))
        command.chmod(0o755)
        found[f"{ENVIRONMENT}/bin/{name}"] = command
    return found


def _own(copied: Tree, user: str, home: str) -> Layer:
    contents = {place: hashlib.sha256(file.read_bytes()).hexdigest() for place, file in sorted(copied.items())}
    account = accounts(int(user), home)
    key = f"component {contents} {account} {COMMAND}"
    return Layer(key, lambda folder: {**with_bytecode(_installed(copied, folder), folder), **account})
