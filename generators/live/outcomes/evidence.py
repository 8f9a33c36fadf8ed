"""Asks whoever can tell what became of a definition in an environment: GitHub's statuses, or the clusters."""

from __future__ import annotations

import os
from collections.abc import Mapping

from generators.errors import GraftError, Unreached
from generators.inventory.read import Repository
from generators.ir.definitions import Definition
from generators.live.declared import Declared, of
from generators.live.outcomes import github
from generators.live.outcomes.outcome import UNKNOWN, Outcome
from generators.model import Environment, Pipeline

GITHUB, CLUSTER, NONE = "github", "cluster", "none"


def ask(
    repository: Repository,
    environment: Environment,
    pipeline: Pipeline,
    definition: Definition,
    whom: str,
    environ: Mapping[str, str] = os.environ,
) -> list[Outcome]:
    """An outcome for each cluster that runs the pipeline; whom is `github`, `cluster`, `none` or `auto`."""
    chosen = [cluster for cluster in environment.clusters if pipeline.runs_on(cluster.name)]
    declared = [of(repository, environment, cluster, pipeline) for cluster in chosen]
    if whom == NONE:
        return _unknown(declared, "nobody was asked (--outcome none)")
    stale = [each for each in declared if each.data.get("definition", definition.hash) != definition.hash]
    if stale:
        return _unknown(stale, f"what is rendered is not {definition.hash}; run: graft render")
    if whom == GITHUB or (whom != CLUSTER and environ.get(github.TOKEN)):
        return _by_github(repository, environment, declared, definition, environ)
    from generators.live.outcomes import clusters

    try:
        return clusters.outcomes(declared)
    except GraftError as error:
        return _unknown(declared, error.message)


def _by_github(
    repository: Repository,
    environment: Environment,
    declared: list[Declared],
    definition: Definition,
    environ: Mapping[str, str],
) -> list[Outcome]:
    known = github.of(repository, environment, environ)
    if known is None:
        return _unknown(declared, "its repository at GitHub is not known: set GITHUB_REPOSITORY and GITHUB_API_URL")
    try:
        with_runs = [each for each in declared if each.data]
        without = [each for each in declared if not each.data]
        found = [known.outcome(repository, each, definition.hash) for each in with_runs]
        return [*found, *_unknown(without, "nothing is delivered there, so nothing is recorded")]
    except Unreached as error:
        return _unknown(declared, error.message)


def _unknown(declared: list[Declared], why: str) -> list[Outcome]:
    return [Outcome(each.cluster.name, UNKNOWN, why) for each in declared]
