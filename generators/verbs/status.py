"""`graft status`: what Argo CD and the clusters say of every pipeline, beside what Git says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.live import Live

from generators import options
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.live import documents, tables
from generators.live import status as fleet_status
from generators.live.status import Status

_EVERY = 5.0  # seconds between two pictures of --watch


def command(
    env: Annotated[str, typer.Argument(help="One environment; by default all of them.", show_default=False)] = "",
    watch: Annotated[bool, typer.Option("--watch", help="Look again every few seconds, until Ctrl-C.")] = False,
    argocd: Annotated[
        str, typer.Option(metavar="CONTEXT", help="The kubeconfig context of Argo CD; by default the current one.")
    ] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Show what runs where: version, sync, health, last run and next, by the contexts of your kubeconfig.

    Exit status 1 where a cluster or Argo CD could not be reached; how a run ended or what is out of sync is no error.
    """
    repository = options.repository(repo)
    if watch and output is options.Output.JSON:
        raise GraftError("--watch draws for people, and --output json prints once", "leave one of them out")
    if watch:
        _watch(repository, env, argocd)
        return
    found = status(repository, env, argocd)
    if output is options.Output.JSON:
        print(documents.of_status(found))
    else:
        tables.console().print(tables.of_status(found), highlight=False)
    if found.findings:
        raise typer.Exit(1)


def status(repository: Repository, env: str = "", argocd: str = "") -> Status:
    """What is where, now."""
    return fleet_status.status(repository, env, argocd, datetime.now(UTC), Cache.of_user())


def _watch(repository: Repository, env: str, argocd: str) -> None:
    """Draw it again and again; Ctrl-C ends that, and is no error."""
    try:
        with Live(console=tables.console(), auto_refresh=False, vertical_overflow="visible") as live:
            while True:
                live.update(tables.of_status(status(repository, env, argocd)), refresh=True)
                time.sleep(_EVERY)
    except KeyboardInterrupt:
        return
