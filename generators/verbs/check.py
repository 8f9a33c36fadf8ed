"""`graft check`: every finding of the inputs and of the rendered tree, or of files that are named, in one pass."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from generators import options
from generators.checks import order, registry
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.fleet.inputs import input_places
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report

BaseOption = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REF",
        help="Compare with it too: a branch that the clusters run, or a commit. Its schemas and policies judge this "
        "checkout besides the checkout's own, so that no change can loosen the rules that it is judged by unseen.",
    ),
]
_UNREADABLE = 2


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Manifests and compiled pipelines, or folders of them; - is standard input."
        ),
    ] = None,
    definitions: Annotated[
        Path | None,
        typer.Option("--definitions", metavar="FOLDER", help="CustomResourceDefinitions of other kinds in the files."),
    ] = None,
    policies: Annotated[
        Path | None,
        typer.Option("--policies", metavar="FOLDER", help="ValidatingAdmissionPolicies to ask about the objects."),
    ] = None,
    env: Annotated[
        str,
        typer.Option("--env", metavar="ENV", help="The environment whose policies are asked, if not a file's own."),
    ] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    base: BaseOption = "",
    output: options.FindingsOutputOption = options.FindingsOutput.TEXT,
) -> None:
    """Report everything that is wrong with this repository, in every environment, or with the files that are named."""
    if paths:
        if base:
            raise GraftError("--base is for a whole repository, and files are named", "leave one of them out")
        from generators.verbs._check_files import check_files  # what a whole repository needs nothing of

        findings, locate = check_files(paths, repo, definitions, policies, env), options.from_top(Path.cwd())
    elif option := next((name for name, value in _of_files(definitions, policies, env) if value), ""):
        raise GraftError(f"{option} is for files, and none is named", "name the files too")
    else:
        repository = options.repository(repo)
        judged = registry.judge(repository, cache := Cache.of_user())
        findings = list(judged.findings)
        if base:
            from generators.checks import history, rule_changes

            findings = rule_changes.judged(repository, base, judged, cache)
            findings += history.findings(repository, base)
        locate = options.from_top(repository.root, input_places(judged.fleet))
        if output is options.FindingsOutput.JSON:
            print(report.as_json(findings, {"retried": order.across(judged.fleet, judged.rendering)}))
            raise SystemExit(_status(findings, False))
    report.print_findings(findings, sys.stdout, output.value, locate)
    raise SystemExit(_status(findings, bool(paths)))


def check(repository: Repository, cache: Cache | None = None) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    return list(registry.judge(repository, cache or Cache.of_user()).findings)


def _of_files(definitions: Path | None, policies: Path | None, env: str) -> list[tuple[str, object]]:
    """The options that mean nothing without files, with their values."""
    return [("--definitions", definitions), ("--policies", policies), ("--env", env)]


def _status(findings: Sequence[Finding], files: bool) -> int:
    """2 where a file that is named cannot be read, as for any verb that is given one; else 1 for what fails."""
    if files and any(finding.check == "read" and finding.failing for finding in findings):
        return _UNREADABLE
    return int(any(finding.failing for finding in findings))
