"""`graft render`: from a checked fleet to the files of `definitions/` and `rendered/`, and the components' READMEs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import Annotated

import typer

from generators import options
from generators.catalogue.readmes import readmes
from generators.catalogue.readmes import stale as is_stale
from generators.errors import Stale
from generators.fleet import manifests, written
from generators.fleet.cache import Cache
from generators.fleet.manifests import COMMAND
from generators.fleet.stale import stale_files
from generators.fleet.summary import Rendered, clusters
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report


def command(
    env: Annotated[str, typer.Option(help="Render one environment only.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is stale.")] = False,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.FindingsOutputOption = options.FindingsOutput.TEXT,
) -> None:
    """Write definitions/ and rendered/ from base/, environments/ and the pipelines' code."""
    repository = options.repository(repo)
    outcome = (compare if check else render)(repository, env)
    if output in (options.FindingsOutput.TEXT, options.FindingsOutput.JSON):
        options.show(outcome, options.Output(output))
    else:
        report.print_findings(outcome.warnings, sys.stdout, output.value, options.from_top(repository.root))


@dataclass(frozen=True)
class Outcome:
    """What a render did: one line a cluster, the files written and removed, and the warnings that remain."""

    clusters: tuple[Rendered, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    warnings: tuple[Finding, ...] = field(default=())

    def to_text(self) -> str:
        changes = [f"  wrote    {path}" for path in self.written] + [f"  removed  {path}" for path in self.removed]
        counts = f"{len(self.written)} written, {len(self.removed)} removed, {self.unchanged} unchanged"
        warned = [report.one(first, others) for first, *others in report.alike(report.in_order(self.warnings))]
        return "\n".join([*warned, *map(Rendered.to_text, self.clusters), *changes, counts])

    def to_json(self) -> str:
        files = [*report.files(self.written, "written"), *report.files(self.removed, "removed")]
        clusters = [cluster.to_record() for cluster in self.clusters]
        return report.as_json(self.warnings, {"files": files, "unchanged": self.unchanged, "clusters": clusters})


def render(repository: Repository, only: str = "", cache: Cache | None = None) -> Outcome:
    """Write what the fleet, or one environment of it, should be; Refused where its sources have findings."""
    cache = cache or Cache.of_user()
    fleet, rendering = manifests.accepted(repository, only, cache)
    done = written.write_rendering(fleet, rendering, only)
    unbuilt = (replace(finding, verdict="warning") for finding in fleet.unbuilt(only))  # `check` refuses them
    found = (*fleet.findings_of(only), *rendering.findings)
    warnings = (*(finding for finding in found if not finding.failing), *unbuilt)
    return Outcome(tuple(clusters(fleet, only)), done.written, done.removed, done.unchanged, warnings)


def compare(repository: Repository, only: str = "", cache: Cache | None = None) -> Outcome:
    """Compare the files on disk with what their sources render; Stale where they differ."""
    fleet, rendering = manifests.accepted(repository, only, cache or Cache.of_user())
    wanted = readmes(repository, fleet.cache, COMMAND)
    if stale := [*stale_files(fleet, rendering, only), *(each.file for each in wanted if is_stale(repository, each))]:
        raise Stale(stale, f"run: {COMMAND}{f' --env {only}' if only else ''}")
    return Outcome(tuple(clusters(fleet, only)), (), (), len(rendering.tree) + len(fleet.definition_files))
