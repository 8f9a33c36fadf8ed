"""What cannot be delivered as an environment says it: schedules, clusters that are not there, names that are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from generators.cron.problems import problem as cron_problem
from generators.cron.problems import timezone_problem
from generators.delivery.names import ARGOCD, PLATFORM, application
from generators.engines.registry import engine
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.model import Environment, Pipeline, Schedule
from generators.suggestions import did_you_mean

NOBODY_STARTS = "delivery"  # the rule of runs that `operations` would start where the environment is not delivered


def problems(environment: Environment) -> Iterator[Problem]:
    """The problems of one environment."""
    names = [cluster.name for cluster in environment.clusters]
    if ARGOCD in names:
        message = f"rendered/{environment.name}/{ARGOCD} is where Argo CD's Applications stand"
        yield Problem(("clusters", ARGOCD), "name", message, ARGOCD, fix="give the cluster another name")
    for pipeline in environment.pipelines:
        at = ("pipelines", pipeline.name)
        if pipeline.name == PLATFORM:
            message = f"rendered/<environment>/<cluster>/{PLATFORM} is where a cluster's own objects stand"
            yield Problem(at, "name", message, PLATFORM, fix="give the pipeline another name")
        for name in pipeline.clusters:
            if name not in names:
                message = f"{environment.name} has no cluster {name}"
                fix = did_you_mean(name, names) or "name one of these, or remove it"
                yield Problem((*at, "clusters"), "unknown-cluster", message, name, ", ".join(names), fix)
        if pipeline.schedule:
            yield from _schedule(pipeline.schedule, (*at, "schedule"))
        if pipeline.serve:
            yield from _serve(pipeline, environment, (*at, "serve"))
    yield from _nobody_starts(environment)


def _schedule(schedule: Schedule, at: KeyPath) -> Iterator[Problem]:
    for expression in schedule.cron:
        if problem := cron_problem(expression):
            fix = "give one such as '0 3 * * 1', Mondays at three"
            yield Problem((*at, "cron"), "schedule", problem, expression, fix=fix)
    if schedule.timezone and (problem := timezone_problem(schedule.timezone)):
        yield Problem((*at, "timezone"), "schedule", problem, schedule.timezone, fix="write one such as Europe/Berlin")


def _serve(pipeline: Pipeline, environment: Environment, at: KeyPath) -> Iterator[Problem]:
    """A pin of nothing, and clusters that nothing serves a model on."""
    if pipeline.serve and pipeline.serve.pinned and not pipeline.serve.version:
        message = "no version is said that would be served"
        yield Problem((*at, "pinned"), "pinned", message, "true", fix="write version: N beside it")
    for cluster in environment.clusters:
        kubernetes = engine(cluster.engine).on_kubernetes and pipeline.runs_on(cluster.name)
        if kubernetes and not cluster.facts.get("kserve"):
            message = f"the cluster {cluster.name} does not say that it has KServe, which serves the model"
            fix = f"write clusters.{cluster.name}.kserve: true, or name the clusters that have it: clusters: [...]"
            yield Problem(at, "kserve", message, cluster.name, fix=fix)


def _nobody_starts(environment: Environment) -> Iterator[Problem]:
    """Runs that `operations` would start, of an environment that is not delivered: nothing brings it to the cluster."""
    if environment.delivery:
        return
    for pipeline in environment.pipelines:
        runs = [engine(each.engine) for each in environment.clusters if pipeline.runs_on(each.name)]
        pods = [each for each in runs if each.on_kubernetes]
        asked = {
            "run_on_merge": pipeline.run_on_merge and pods,
            "schedule": pipeline.schedule and [each for each in pods if not each.schedule],
        }
        for key in (key for key, wanted in asked.items() if wanted):
            message = "the environment does not say how it is delivered, so nothing starts this"
            fix = "add delivery: {repository: <the URL that Argo CD reads>}"
            yield Problem(("pipelines", pipeline.name, key), NOBODY_STARTS, message, fix=fix)


def shared(environments: Mapping[str, Environment]) -> Iterator[tuple[str, Problem]]:
    """(environment, problem) for every two Applications of one Argo CD that would have the same name."""
    claims: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for name, environment in environments.items():
        if environment.delivery:
            for application_name, cluster in _applications(environment):
                claims[environment.delivery.namespace, application_name].append((name, cluster))
    for (_, application_name), claimed in claims.items():
        for name, cluster in claimed if len(claimed) > 1 else ():
            others = ", ".join(sorted({f"{other}/{each}" for other, each in claimed} - {f"{name}/{cluster}"}))
            message = f"its Application {application_name} would have the name of one of {others}"
            yield name, Problem(("clusters", cluster), "application", message, fix="give the cluster another name")


def _applications(environment: Environment) -> Iterator[tuple[str, str]]:
    for cluster in environment.clusters:
        parts = [PLATFORM, *(each.name for each in environment.pipelines if each.runs_on(cluster.name))]
        for part in parts if engine(cluster.engine).on_kubernetes else ():
            yield application(environment, cluster, part), cluster.name
