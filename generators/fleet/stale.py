"""What of the machine-written files is not what its sources render."""

from __future__ import annotations

from collections.abc import Callable

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.output import write


def stale_files(fleet: Fleet, rendering: Rendering, only: str = "") -> list[str]:
    """The machine-written files that are missing, differ, or that nothing renders any more."""
    in_scope, found = scope(only), []
    for folder, wanted in ((RENDERED, rendering.tree), (DEFINITIONS, fleet.definition_files)):
        differs = write.difference(
            fleet.repository.root / folder, wanted, lambda path, folder=folder: in_scope(f"{folder}/{path}")
        )
        found += [f"{folder}/{path}" for path in differs.paths]
    return sorted(found)


def scope(only: str) -> Callable[[str], bool]:
    """What a render may remove: with one environment only, nothing outside its folder."""
    return (lambda path: path.startswith(f"{RENDERED}/{only}/")) if only else write.everything
