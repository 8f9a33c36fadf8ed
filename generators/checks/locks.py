"""Whether each image installs what it asks for at one version and by hash, as its lock says.

Judged from `requirements.txt`, `requirements.lock` and the Dockerfiles: no registry is asked. That a version is at hand
and has no known weakness is what `make audit` asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generators.catalogue.dockerfiles import DOCKERFILE, python_of_image
from generators.catalogue.locks import (
    LOCK,
    REQUIREMENTS,
    Line,
    Locked,
    applies,
    encoding_of,
    lines,
    locked,
    name_of,
    of_image,
    python_of,
    version_of,
)
from generators.catalogue.readmes import folders
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.ir.compile import SHARED
from generators.model import Finding, Place

if TYPE_CHECKING:
    from packaging.requirements import Requirement

COMMAND = "make lock"
_KIND = "locks"
_MOST = 5000  # of one file; the largest of what people lock have some hundreds
_FIX = f"run: {COMMAND}"


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for each requirement of an image that its lock does not cover, and for a lock that is not there."""
    yield from problems(fleet.repository, fleet.cache)


def problems(repository: Repository, cache: Cache) -> Iterator[Finding]:
    """The same, of a repository."""
    for folder in (SHARED, *folders(repository)):
        file = f"{folder}/{REQUIREMENTS}"
        if not repository.exists(f"{folder}/{DOCKERFILE}"):
            continue
        if not repository.exists(file):
            if repository.exists(f"{folder}/{LOCK}"):
                message, fix = f"is made from {REQUIREMENTS}, which is not there", f"write {file}, or remove this"
                yield Finding("invalid", "capability", "lock", Place(f"{folder}/{LOCK}"), "", message, fix=fix)
        elif not repository.exists(f"{folder}/{LOCK}"):
            message = f"has no {LOCK} beside it, so its image holds what the registry has when it is built"
            yield Finding("invalid", "capability", "lock", Place(file, 0), "", message, fix=_FIX)
        else:
            yield from _kept(repository, cache, folder)


def _kept(repository: Repository, cache: Cache, folder: str) -> list[Finding]:
    """The findings of a lock, found out again only where one of the files has changed."""
    made_from = [file for file in _files(folder) if repository.exists(file)]
    key = cache.key(folder, *(part for file in made_from for part in (file, repository.sha256(file))))
    kept = cache.get(_KIND, key)
    if kept is None:
        kept = [finding.to_record() for finding in _of_lock(repository, folder)]
        cache.put(_KIND, key, kept)
    return [Finding.from_record(record) for record in kept]


def _files(folder: str) -> list[str]:
    own = [f"{folder}/{name}" for name in (REQUIREMENTS, LOCK, DOCKERFILE)]
    return list(dict.fromkeys([*own, f"{SHARED}/{LOCK}", f"{SHARED}/{DOCKERFILE}"]))


def _of_lock(repository: Repository, folder: str) -> Iterator[Finding]:
    asked, lock = f"{folder}/{REQUIREMENTS}", f"{folder}/{LOCK}"
    text = repository.text(lock)
    listed, named = lines(text), lines(repository.text(asked))
    if longest := next((file for file, found in ((asked, named), (lock, listed)) if len(found) > _MOST), ""):
        message, fix = f"has more than {_MOST} requirements", "name what the image needs alone"
        yield Finding("invalid", "capability", "lock", Place(longest, 0), "", message, fix=fix)
        return
    for file, its in ((asked, repository.text(asked)), (lock, text)):
        if encoding := encoding_of(its):
            message = f"says that it is written in {encoding}, in which pip may read other requirements than are seen"
            yield Finding("invalid", "capability", "lock", Place(file, 1), "", message, fix="remove that comment")
    yield from _unsound(lock, listed)
    if not (python := python_of(text)) and listed:
        message = "does not say in its first lines by which command, and so for which Python, it was made"
        yield Finding("invalid", "capability", "lock", Place(lock), "", message, fix=_FIX)
        return
    yield from _of_another_python(repository, folder, lock, python)
    has = of_image(listed, python)
    wanted = list(_wanted(named, python))
    for line, requirement in wanted:
        if requirement is None:
            yield _no_requirement(asked, line)
        elif missing := _missing(requirement, has):
            yield Finding("invalid", "capability", "lock", Place(asked, line.line), "", missing, line.text, fix=_FIX)
    names = {name_of(requirement) for _, requirement in wanted if requirement}
    for name, each in has.items():
        if name not in names and any(asker == f"-r {asked}" for asker in each.line.askers):
            message = f"is locked for {REQUIREMENTS}, which does not ask for it"
            yield _at(lock, each.line, message)
    if folder != SHARED and repository.exists(f"{SHARED}/{LOCK}"):
        yield from _unlike_the_base(repository, lock, has)


def _unsound(file: str, listed: list[Line]) -> Iterator[Finding]:
    """What of a lock is not one version of a package, or could be other bytes than were meant."""
    for line in listed:
        if not (requirement := line.requirement()) or not version_of(requirement):
            yield _at(file, line, "is not one version of a package, NAME==VERSION")
        elif not any(each.startswith("sha256:") and len(each) == 71 for each in line.hashes):
            yield _at(file, line, "has no hash, so whatever the registry gives would be installed")


def _of_another_python(repository: Repository, folder: str, lock: str, python: str) -> Iterator[Finding]:
    image = python_of_image(repository, folder)
    if python and image and image != python:
        message = f"was made for Python {python}, and the image's is {image}"
        yield Finding("invalid", "capability", "lock", Place(lock), "", message, python, image, _FIX)


def _unlike_the_base(repository: Repository, lock: str, has: dict[str, Locked]) -> Iterator[Finding]:
    """Packages that the base image has at another version, which would be installed over it."""
    base = {each.name: each.version for each in locked(lines(repository.text(f"{SHARED}/{LOCK}")))}
    for name, each in has.items():
        if base.get(name, each.version) != each.version:
            yield _at(lock, each.line, f"the base image has this package at {base[name]}", f"{name}=={base[name]}")


def _wanted(named: list[Line], python: str) -> Iterator[tuple[Line, Requirement | None]]:
    """What a file of requirements asks for in the image, None for a line that is no requirement."""
    for line in named:
        requirement = line.requirement()
        if requirement is None or applies(requirement, python):
            yield line, requirement


def _missing(requirement: Requirement, has: dict[str, Locked]) -> str:
    """What a lock lacks of a requirement, "" where it covers it."""
    found = has.get(name_of(requirement))
    if not found:
        return f"{LOCK} has no {requirement.name}"
    if not requirement.specifier.contains(found.version, prereleases=True):
        return f"{LOCK} has {requirement.name} at {found.version}"
    if lacking := sorted(requirement.extras - found.extras):
        return f"{LOCK} has {requirement.name} without its extra {', '.join(lacking)}"
    return ""


def _no_requirement(file: str, line: Line) -> Finding:
    message = "is not a requirement of a package, so it is not known whether it is locked"
    fix = "name packages alone, one a line: NAME==VERSION"
    return Finding("invalid", "capability", "lock", Place(file, line.line), "", message, line.text, fix=fix)


def _at(lock: str, line: Line, message: str, allowed: str = "") -> Finding:
    return Finding("invalid", "capability", "lock", Place(lock, line.line), "", message, line.text, allowed, _FIX)
