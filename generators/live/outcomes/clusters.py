"""Outcomes by the clusters themselves: the records of runs that `graft status` reads, by the kubeconfig."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from generators.engines.registry import engine
from generators.errors import Unreached
from generators.live import asking, kubeconfig, namespace
from generators.live.declared import Declared
from generators.live.kubeconfig import Kubeconfig
from generators.live.model import ILL, WELL, Run
from generators.live.namespace import Namespace
from generators.live.outcomes.outcome import FAILED, PROVED, UNKNOWN, Outcome

_WORKFLOW = "Workflow"


def outcomes(declared: Iterable[Declared]) -> list[Outcome]:
    """What became of each pipeline's newest run; all clusters are asked at the same time."""
    declared, known = list(declared), kubeconfig.load()
    there = {each.cluster.name: each for each in declared if each.engine.on_kubernetes}
    answers = asking.all_at_once({name: partial(_ask, known, each) for name, each in there.items()})
    return [_outcome(each, answers.get(each.cluster.name)) for each in declared]


def _ask(known: Kubeconfig, declared: Declared) -> Namespace:
    context = asking.context_of(known, declared.environment, declared.cluster)
    kind = engine(declared.cluster.engine).run
    return namespace.ask(context, declared.environment.namespace, kind == _WORKFLOW)


def _outcome(declared: Declared, answer: Namespace | Unreached | None) -> Outcome:
    cluster = declared.cluster.name
    if answer is None:
        return Outcome(cluster, UNKNOWN, "is not a Kubernetes cluster, and keeps no records of runs")
    if isinstance(answer, Unreached):
        return Outcome(cluster, UNKNOWN, answer.message)
    run = answer.runs.get(declared.pipeline.name)
    if run is None or run.version != declared.version:
        last = f"; the newest run is of {run.version}" if run else ""
        return Outcome(cluster, UNKNOWN, f"{declared.version} has not run there{last}")
    return Outcome(cluster, _state(run), f"run {run.name} of {run.version}: {_said(run)}")


def _state(run: Run) -> str:
    return PROVED if run.phase in WELL else FAILED if run.phase in ILL else UNKNOWN


def _said(run: Run) -> str:
    return ": ".join(part for part in (run.phase, run.step, run.message) if part)
