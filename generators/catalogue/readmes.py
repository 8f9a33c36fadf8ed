"""The README of every component of a repository, and what is wrong with the files that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

from generators.catalogue import metadata, readme
from generators.inventory.read import Repository
from generators.ir.compile import SHARED
from generators.ir.user_code import COMPONENTS
from generators.model import Finding
from generators.python_text import NO_PYTHON

WRAPPERS, DOCKERFILE = "component.py", "Dockerfile"
_KIND = "component-readme"


class Cache(Protocol):
    """Where results are kept between calls, by a kind and the hash of what they were made from."""

    def get(self, kind: str, key: str) -> Any | None: ...
    def put(self, kind: str, key: str, value: Any) -> None: ...
    def key(self, *parts: str) -> str: ...


@dataclass(frozen=True)
class Readme:
    """The README that a component should have: its file and its text, "" where that cannot be made."""

    file: str
    text: str
    findings: tuple[Finding, ...]


def readmes(repository: Repository, cache: Cache, command: str) -> Iterator[Readme]:
    """That of every component; `command` is what makes them."""
    for folder in folders(repository):
        described = _described(repository, folder)
        own = (f"{folder}/{name}" for name in (metadata.METADATA, metadata.OWNERS))
        made_from = [described, *own, *metadata.SCHEMAS.values()]
        there = [file for file in made_from if repository.exists(file)]
        key = cache.key(command, *(part for file in there for part in (file, repository.sha256(file))))
        kept = cache.get(_KIND, key)
        if kept is None:
            found = _made(repository, folder, described, command)
            cache.put(_KIND, key, [found.text, [finding.to_record() for finding in found.findings]])
            yield found
        else:
            yield Readme(f"{folder}/{readme.README}", kept[0], tuple(map(Finding.from_record, kept[1])))


def folders(repository: Repository) -> list[str]:
    """The folders of all components: of steps, or an image alone, which no pipeline runs; not what they all share."""
    marks = (WRAPPERS, metadata.METADATA, DOCKERFILE)
    found = (f"{COMPONENTS}/{name}" for name in repository.names(COMPONENTS))
    return [it for it in found if it != SHARED and any(repository.exists(f"{it}/{mark}") for mark in marks)]


def stale(repository: Repository, wanted: Readme) -> bool:
    """Whether a README that can be made is not what is there."""
    return bool(wanted.text) and not (
        repository.exists(wanted.file) and repository.content(wanted.file) == wanted.text.encode()
    )


def _described(repository: Repository, folder: str) -> str:
    """The module whose docstring says what a component is for: its wrappers, or its package where it has none."""
    wrappers = f"{folder}/{WRAPPERS}"
    return wrappers if repository.exists(wrappers) else f"{folder}/src/{PurePosixPath(folder).name}/__init__.py"


def _made(repository: Repository, folder: str, described: str, command: str) -> Readme:
    about, file = metadata.read(repository, folder), f"{folder}/{readme.README}"
    if not about.metadata or not about.owners or not repository.exists(described):
        return Readme(file, "", about.findings)
    try:
        return Readme(file, readme.text(folder, about, described, repository.text(described), command), about.findings)
    except NO_PYTHON:  # which the check of the sources says
        return Readme(file, "", about.findings)
