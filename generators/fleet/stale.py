"""What of the machine-written files is not what its sources render, and which of them a render may remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from generators.fleet import git
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.inventory.read import Repository
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.output import write


def stale_files(fleet: Fleet, rendering: Rendering, only: str = "") -> list[str]:
    """The machine-written files that are missing, differ, or that nothing renders any more."""
    in_scope, found = removable(fleet.repository, only), []
    for folder, wanted in ((RENDERED, rendering.tree), (DEFINITIONS, fleet.definition_files)):
        differs = write.difference(
            fleet.repository.root / folder, wanted, lambda path, folder=folder: in_scope(f"{folder}/{path}")
        )
        found += [f"{folder}/{path}" for path in differs.paths]
    return sorted(found)


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
