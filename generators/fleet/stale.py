"""What of the machine-written files is not what its sources render, and which of them a render may remove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from generators.fleet import git
from generators.fleet.environments import file_of
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import COMMAND, MADE_BY, RENDERED, Rendering
from generators.inventory.read import Repository
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.output import write


@dataclass(frozen=True)
class StaleFile:
    """A file, or a folder, that is not as it should be: why, and what to do."""

    path: str
    message: str
    fix: str = f"run: {COMMAND}"
    is_there: bool = True


def stale_files(fleet: Fleet, rendering: Rendering, only: str = "") -> list[str]:
    """The machine-written files that are missing, differ, or that nothing renders any more."""
    found = _differences(fleet, rendering, only)
    return sorted(f"{folder}/{path}" for folder, differs in found.items() for path in differs.paths)


def stale(fleet: Fleet, rendering: Rendering) -> Iterator[StaleFile]:
    """The same in words; all files of an environment that is gone are one."""
    gone: Counter[str] = Counter()
    for folder, differs in _differences(fleet, rendering, "").items():
        for path in differs.missing:
            yield StaleFile(f"{folder}/{path}", "is missing, and its sources render it", is_there=False)
        yield from (StaleFile(f"{folder}/{path}", "is not what its sources render") for path in differs.changed)
        for path in differs.extra:
            environment, inside, _ = path.partition("/")
            if folder == RENDERED and inside and environment not in fleet.files.names:
                gone[environment] += 1
            else:
                yield _extra(fleet.repository, f"{folder}/{path}")
    for environment, count in gone.items():
        message = f"there is no {file_of(environment)} any more, of which {count} files here were rendered"
        fix = f"restore it from Git, or run: {COMMAND}, which removes them"
        yield StaleFile(f"{RENDERED}/{environment}", message, fix, is_there=False)


def _extra(repository: Repository, path: str) -> StaleFile:
    """A file that nothing renders: one that graft has made, or a person's own."""
    if path.startswith(f"{DEFINITIONS}/") or repository.content(path).startswith(MADE_BY.encode()):
        return StaleFile(path, "nothing renders this any more", f"run: {COMMAND}, which removes it")
    message = f"graft has not made this file, and {COMMAND} removes what it does not render"
    return StaleFile(path, message, "move it out of this folder")


def _differences(fleet: Fleet, rendering: Rendering, only: str) -> dict[str, write.Difference]:
    in_scope = removable(fleet.repository, only)
    return {
        folder: write.difference(
            fleet.repository.root / folder, wanted, lambda path, folder=folder: in_scope(f"{folder}/{path}")
        )
        for folder, wanted in ((RENDERED, rendering.tree), (DEFINITIONS, fleet.definition_files))
    }


def removable(repository: Repository, only: str = "") -> Callable[[str], bool]:
    """Which files a render may remove when nothing renders them any more, by their paths from the repository.

    With one environment only, nothing outside its folder. Of definitions those that were never committed: what one
    environment has proved is there for another to be pinned to, and what ran before to go back to. Where Git cannot say
    what is committed, all of them stay.
    """

    @cache
    def committed() -> frozenset[str] | None:
        return git.committed(repository, DEFINITIONS) if git.is_tracking(repository) else None

    def is_removable(path: str) -> bool:
        if only:
            return path.startswith(f"{RENDERED}/{only}/")
        kept = committed() if path.startswith(f"{DEFINITIONS}/") else ()
        return kept is not None and path not in kept

    return is_removable
