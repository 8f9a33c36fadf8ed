"""Writes what a fleet renders: `definitions/`, `rendered/` and the components' READMEs."""

from __future__ import annotations

from dataclasses import dataclass

from generators.catalogue.readmes import readmes, stale
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import COMMAND, RENDERED, Rendering
from generators.fleet.stale import removable
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.output import write


@dataclass(frozen=True)
class Written:
    """The files that were written and removed, from the repository, and how many were left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write_rendering(fleet: Fleet, rendering: Rendering, only: str = "") -> Written:
    """Make the machine-written files equal to what an accepted fleet, or one environment of it, renders."""
    repository = fleet.repository
    done = write.write_trees(
        repository.root,
        {RENDERED: rendering.tree},
        store={DEFINITIONS: fleet.definition_files},
        scope=removable(repository, only),
    )
    outdated = [wanted for wanted in readmes(repository, fleet.cache, COMMAND) if stale(repository, wanted)]
    for wanted in outdated:
        write.write_file_atomically(repository.root / wanted.file, wanted.text, repository.root)
    fleet.cache.clean()
    return Written((*done.written, *(wanted.file for wanted in outdated)), done.removed, done.unchanged)
