"""What a run asks a cluster for, before and after: pods, what the widest step asks for at once, hours at most, money.

All of it is reckoned from what is declared: requests with what the engine adds to a pod, the items of loops as far as
they are known before a run, retries, and timeouts as the longest that anything takes. What has no timeout has no bound,
and nothing is said of its hours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from generators.diff import money
from generators.diff.model import Amount, Cost
from generators.diff.repeats import Repeated, repeated
from generators.diff.state import Side
from generators.engines.registry import ENGINES
from generators.fleet.capacity import asked_by, shown
from generators.fleet.consistency import is_device
from generators.ir.definitions import Definition
from generators.ir.view import Pipeline as Compiled
from generators.model import Cluster, Environment, Pipeline, StepOverlay
from generators.quantities import quantity, seconds

_HOUR, _GIB = Decimal(3600), Decimal(2**30)
_NOTHING = Decimal(0)
Amounts = dict[str, Decimal | None]  # None is without bound


@dataclass(frozen=True)
class _Run:
    """What one run asks for at most: amounts as they are shown, and hours of each resource, of memory in GiB."""

    amounts: Amounts = field(default_factory=dict)
    hours: Amounts = field(default_factory=dict)


@dataclass(frozen=True)
class Reckoning:
    """The amounts and the cost of a run of a pipeline, as far as a change changes them."""

    amounts: tuple[Amount, ...] = ()
    cost: Cost | None = None


def amounts(base: Side, head: Side, environment: str, pipeline: str, cluster: Cluster | None) -> Reckoning:
    """What a change changes of them; nothing where a side's inputs do not say what runs."""
    if cluster is None or not ENGINES[cluster.engine].in_containers:
        return Reckoning()
    before, after = (_of_side(side, environment, pipeline, cluster.name) for side in (base, head))
    if before is None or after is None:
        return Reckoning()
    found = []
    for name in sorted(before.amounts.keys() | after.amounts.keys()):
        was, is_ = (run.amounts.get(name, _NOTHING) for run in (before, after))
        if was != is_:
            kind, _, _ = name.partition(" at once")
            of = cluster.capacity.get(kind, "") if " at once" in name else ""
            above = bool(of and is_ is not None and is_ > quantity(of))
            at_most = name.endswith(("hours", "pods"))
            found.append(Amount(name, _text(name, was), _text(name, is_), of, at_most, above))
    prices = [side.documents.get(environment, {}).get("prices") for side in (base, head)]
    return Reckoning(tuple(found), money.cost((before.hours, after.hours), prices))


def pods(head: Side, environment: str, pipeline: str, cluster: Cluster | None, cached: Collection[str]) -> int:
    """How many pods the next run starts at most where the cache answers for some steps; 0 where that is not known."""
    known = _deployed(head, environment, pipeline, cluster.name) if cluster else None
    if not known:
        return 0
    _, deployed, _, compiled = known
    engine = ENGINES[cluster.engine]
    saved = engine.pods.step - engine.pods.cached
    found = list(repeated(compiled, deployed.parameters))
    less = sum(each.runs * saved for each in found if each.path in cached and not each.is_group)
    return _pods(compiled, found, cluster) - less


Deployed = tuple[Environment, Pipeline, Cluster, Compiled]


def _deployed(side: Side, environment: str, pipeline: str, cluster: str) -> Deployed | None:
    described = side.environments.get(environment)
    definition = side.definitions.get((pipeline, side.runs.get((environment, pipeline), "")))
    if described is None or definition is None:
        return None
    deployed = next((each for each in described.pipelines if each.name == pipeline), None)
    here = next((each for each in described.clusters if each.name == cluster), None)
    return (described, deployed, here, _compiled(definition)) if deployed and here else None


def _compiled(definition: Definition) -> Compiled:
    return Compiled.of(definition.spec, definition.platform)


def _of_side(side: Side, environment: str, pipeline: str, cluster: str) -> _Run | None:
    """The run of a side, which asks for nothing where there is no such pipeline; None where that is not known."""
    if known := _deployed(side, environment, pipeline, cluster):
        return _run(*known)
    described = side.environments.get(environment)
    runs = any(each.name == pipeline and each.runs_on(cluster) for each in described.pipelines) if described else True
    return None if runs or (environment, pipeline) in side.runs else _Run()


def _run(environment: Environment, pipeline: Pipeline, cluster: Cluster, compiled: Compiled) -> _Run:
    beside, tasks = ENGINES[cluster.engine].beside, list(repeated(compiled, pipeline.parameters))
    found = _Run({"pods": Decimal(_pods(compiled, tasks, cluster))})
    for step in tasks:
        component = compiled.of_task(step.task)
        container = None if step.is_group else compiled.container(component.executor)
        if container is None or container.is_claim:
            continue
        wanted = pipeline.steps.get(step.path, StepOverlay())
        tries = 1 + wanted.retry.get("count", step.task.retry.count if step.task.retry else 0)
        longest = _longest(wanted, compiled.pod(component.executor).deadline, pipeline, tries)
        for kind, text in asked_by(container, wanted, cluster).items():
            asked = quantity(text) + quantity(beside.get(kind, "0"))
            _widest(found.amounts, f"{kind} at once", step.at_once * asked)
            hours = longest and asked * step.runs * longest / _HOUR
            _add(found.hours, kind, hours / _GIB if hours and kind == "memory" else hours)
            if kind == "cpu" or is_device(kind):
                _add(found.amounts, f"{'CPU' if kind == 'cpu' else kind}-hours", hours)
    return found


def _pods(compiled: Compiled, tasks: list[Repeated], cluster: Cluster) -> int:
    """The pods of one run, as its engine makes them."""
    made = ENGINES[cluster.engine].pods

    def each(task: Repeated) -> int:
        if task.is_group:
            return made.group
        container = compiled.container(compiled.of_task(task.task).executor)
        return made.importer if container is None else made.claim if container.is_claim else made.step

    return made.run + sum(task.runs * each(task) for task in tasks)


def _longest(wanted: StepOverlay, deadline: Any, pipeline: Pipeline, tries: int) -> Decimal | None:
    """The seconds that a step may take with all its tries, None for as long as it likes; no longer than the run may."""
    own = Decimal(seconds(wanted.timeout)) if wanted.timeout else Decimal(str(deadline)) if deadline else None
    run = Decimal(seconds(pipeline.timeout)) if pipeline.timeout else None
    return min((each for each in (own and own * tries, run) if each), default=None)


def _add(found: Amounts, name: str, amount: Decimal | None) -> None:
    """Add to a sum that has no bound once something in it has none."""
    known = found.get(name, Decimal(0))
    found[name] = None if amount is None or known is None else known + amount


def _widest(found: Amounts, name: str, amount: Decimal) -> None:
    found[name] = max(found.get(name) or Decimal(0), amount)


def _text(name: str, amount: Decimal | None) -> str:
    if amount is None:
        return "no bound"
    if name.endswith("hours"):
        return f"{round(amount, 1).normalize():f}"
    return shown(name.partition(" ")[0], amount)
