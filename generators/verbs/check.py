"""`graft check`: every finding of the inputs and of the rendered tree, in one pass."""

from __future__ import annotations

import sys

from generators import options
from generators.checks import registry
from generators.fleet import fleet as fleets
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report


def command(repo: options.RepoOption = None, output: options.OutputOption = options.Output.TEXT) -> None:
    """Report everything that is wrong with the inputs and with rendered/, in every environment, in one pass."""
    findings = check(options.repository(repo))
    report.print_findings(findings, sys.stdout, output.value)
    raise SystemExit(any(finding.failing for finding in findings))


def check(repository: Repository, cache: Cache | None = None) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    cache = cache or Cache.of_user()
    fleet = fleets.load(repository, cache)
    rendering = manifests.render(fleet, checks=registry.object_checks(repository, cache))
    return [*fleet.findings, *rendering.findings, *registry.check_fleet(fleet, rendering)]
