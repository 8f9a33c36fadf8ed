"""What a component's Dockerfile says, as far as it can be followed without Docker.

Followed are COPY from the repository, ENV, USER and WORKDIR; `pip install --requirement` is what is installed here of
the files of requirements that it copies, and what it installs of a folder lies beside the distributions. A user by
number is made with WORKDIR as its home. FROM is the base image of components/shared, and that of it this machine's own
Python.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.image_build import Layer
from cluster.image_programs import accounts
from cluster.image_python import SITE, with_bytecode
from cluster.image_tree import Tree, below


@dataclass(frozen=True)
class Described:
    """What the image holds above its distributions, and how it runs."""

    requirements: tuple[str, ...]
    own: Layer
    environment: tuple[str, ...]
    running: dict[str, Any]


SHARED = "components/shared"


def read(folder: Path) -> Described:
    """Follow the Dockerfile of the component in `folder`, which lies in components/ of a repository."""
    root = folder.parents[1]
    dockerfiles = [file for file in (root / SHARED / "Dockerfile", folder / "Dockerfile") if file.is_file()]
    instructions = [instruction for file in dockerfiles for instruction in _instructions(file.read_text())]
    last = dict(instructions)
    user, home = last.get("USER", ["0"])[0], last.get("WORKDIR", ["/"])[0]
    copies = [(root / rest[0], rest[1].strip("/")) for word, rest in instructions if word == "COPY"]
    files = [source for source, _ in copies if source.name.endswith("requirements.txt")]
    folders = [(source, target) for source, target in copies if source not in files]
    copied = {place: file for source, target in folders for place, file in _copied(source, target).items()}
    return Described(
        tuple(line for file in files for line in _requirements(file.read_text())),
        _own(copied, user, home),
        tuple(setting for word, rest in instructions if word == "ENV" for setting in rest),
        {"User": user, "WorkingDir": home},
    )


def _instructions(dockerfile: str) -> Iterator[tuple[str, list[str]]]:
    for line in dockerfile.replace("\\\n", " ").splitlines():
        word, *rest = shlex.split(line, comments=True) or [""]
        if word:
            yield word.upper(), rest


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if requirement := line.partition("#")[0].strip():
            yield requirement


def _copied(source: Path, place: str) -> Tree:
    """A package with a pyproject.toml is what `pip install` makes of it."""
    if (source / "pyproject.toml").is_file():
        return below(source / "src", SITE)
    return below(source, place) if source.is_dir() else {place: source}


def _own(copied: Tree, user: str, home: str) -> Layer:
    contents = {place: hashlib.sha256(file.read_bytes()).hexdigest() for place, file in sorted(copied.items())}
    account = accounts(int(user), home)
    return Layer(f"component {contents} {account}", lambda folder: {**with_bytecode(copied, folder), **account})
