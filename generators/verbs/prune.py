"""`graft prune`: remove the definitions that nothing names any more and that are not among the newest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

import typer

from generators import options
from generators.errors import Refused
from generators.fleet import fleet as fleets
from generators.fleet import git
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.output import report, write

KEEP = 10


def command(
    keep: Annotated[
        int, typer.Option(min=0, help="How many of each pipeline stay, the newest by Git's history.")
    ] = KEEP,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Remove old definitions; those that an environment names stay, and Git's history keeps the others."""
    options.show(prune(options.repository(repo), keep), output)


@dataclass(frozen=True)
class Outcome:
    """What went and how many definitions are left."""

    removed: tuple[str, ...]
    left: int

    def to_text(self) -> str:
        counts = f"{len(self.removed)} removed, {self.left} left"
        return "\n".join([*(f"  removed  {path}" for path in self.removed), counts])

    def to_json(self) -> str:
        return report.as_json((), {"files": report.files(self.removed, "removed"), "left": self.left})


def prune(repository: Repository, keep: int = KEEP, cache: Cache | None = None) -> Outcome:
    """Remove what no environment names and is not among the `keep` newest of its pipeline.

    Refused where it is not known what an environment names.
    """
    fleet = fleets.load(repository, cache or Cache.of_user())
    if failing := [finding for finding in fleet.findings if finding.failing]:
        raise Refused(failing)
    here = set(repository.files(f"{DEFINITIONS}/*/*.json"))
    named = {f"{DEFINITIONS}/{path}" for path in fleet.definition_files}
    newest: dict[str, list[str]] = defaultdict(list)
    for path in git.newest_first(repository, DEFINITIONS):
        if path in here and path not in named:
            newest[path.split("/")[1]].append(path)
    kept = named.union(*(paths[:keep] for paths in newest.values()))
    gone = here - kept
    write.write_trees(repository.root, {}, store={DEFINITIONS: {}}, scope=lambda path: path in gone)
    return Outcome(tuple(sorted(gone)), len(here - gone))
