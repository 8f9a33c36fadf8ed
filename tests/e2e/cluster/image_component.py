"""What a component's Dockerfile says, as far as it can be followed without Docker.

Followed are COPY from the folder, ENV, USER and WORKDIR; `pip install --requirement` is what is installed here of
requirements.txt, and a user by number is made with WORKDIR as its home. FROM is this machine's own Python.
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
from cluster.image_python import with_bytecode
from cluster.image_tree import Tree, below


@dataclass(frozen=True)
class Described:
    """What the image holds above its distributions, and how it runs."""

    requirements: tuple[str, ...]
    own: Layer
    environment: tuple[str, ...]
    running: dict[str, Any]


def read(folder: Path) -> Described:
    """Follow the Dockerfile of a component's folder."""
    instructions = list(_instructions((folder / "Dockerfile").read_text()))
    last = dict(instructions)
    user, home = last.get("USER", ["0"])[0], last.get("WORKDIR", ["/"])[0]
    copied = {
        place: file
        for word, (source, target) in ((word, rest) for word, rest in instructions if word == "COPY")
        for place, file in _copied(folder / source, target.strip("/")).items()
    }
    return Described(
        tuple(_requirements((folder / "requirements.txt").read_text())),
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
    return below(source, place) if source.is_dir() else {place: source}


def _own(copied: Tree, user: str, home: str) -> Layer:
    contents = {place: hashlib.sha256(file.read_bytes()).hexdigest() for place, file in sorted(copied.items())}
    account = accounts(int(user), home)
    return Layer(f"component {contents} {account}", lambda folder: {**with_bytecode(copied, folder), **account})
