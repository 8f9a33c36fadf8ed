"""`graft check`: every finding of the inputs and of the rendered tree, in one pass."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from generators import options
from generators.checks import history, registry
from generators.fleet import fleet as fleets
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report

BaseOption = Annotated[
    str, typer.Option("--base", metavar="REF", help="Compare with it too: a branch that the clusters run, or a commit.")
]


def command(
    repo: options.RepoOption = None, base: BaseOption = "", output: options.OutputOption = options.Output.TEXT
) -> None:
    """Report everything that is wrong with the inputs and with rendered/, in every environment, in one pass."""
    repository = options.repository(repo)
    findings = check(repository)
    if base:
        findings += history.findings(repository, base)
    report.print_findings(findings, sys.stdout, output.value)
    raise SystemExit(any(finding.failing for finding in findings))


def check(repository: Repository, cache: Cache | None = None) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    cache = cache or Cache.of_user()
    fleet = fleets.load(repository, cache)
    rendering = manifests.render(fleet, checks=registry.object_checks(repository, cache))
    return [*fleet.findings, *rendering.findings, *registry.check_fleet(fleet, rendering)]
