"""What a run asks a cluster for, before and after: pods, what the widest step asks for at once, hours at most.

All of it is reckoned from what is declared: requests with what the engine adds to a pod, the items of loops as far as
they are known before a run, retries, and timeouts as the longest that anything takes. What has no timeout has no bound,
and nothing is said of its hours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generators.diff.model import Amount
from generators.diff.state import Side
from generators.engines.registry import ENGINES
from generators.fleet.capacity import asked_by, shown
from generators.fleet.consistency import is_device
from generators.ir.definitions import Definition
from generators.ir.view import Component, Task
from generators.ir.view import Pipeline as Compiled
from generators.ir.view.tree import PARAMETERS
from generators.model import Cluster, Environment, Pipeline, StepOverlay
from generators.quantities import quantity, seconds

_HOUR = Decimal(3600)
Amounts = dict[str, Decimal | None]


@dataclass(frozen=True)
class _Step:
    """A step as it may run: how often in one run, how many of it at once."""

    path: str
    task: Task
    runs: int
    at_once: int


def amounts(base: Side, head: Side, environment: str, pipeline: str, cluster: Cluster | None) -> tuple[Amount, ...]:
    """The amounts that a change changes; none where a side's inputs do not say what runs."""
    if cluster is None or not ENGINES[cluster.engine].in_containers:
        return ()
    before, after = (_of_side(side, environment, pipeline, cluster.name) for side in (base, head))
    if before is None or after is None:
        return ()
    found = []
    for name in sorted(before.keys() | after.keys()):
        was, is_ = before.get(name, Decimal(0)), after.get(name, Decimal(0))
        if was != is_:
            kind, _, _ = name.partition(" at once")
            of = cluster.capacity.get(kind, "") if " at once" in name else ""
            found.append(Amount(name, _text(name, was), _text(name, is_), of, name.endswith("hours")))
    return tuple(found)


def _of_side(side: Side, environment: str, pipeline: str, cluster: str) -> Amounts | None:
    described = side.environments.get(environment)
    definition = side.definitions.get((pipeline, side.runs.get((environment, pipeline), "")))
    if described is None or definition is None:
        return None
    deployed = next((each for each in described.pipelines if each.name == pipeline), None)
    here = next((each for each in described.clusters if each.name == cluster), None)
    return _amounts(described, deployed, here, definition) if deployed and here else None


def _amounts(environment: Environment, pipeline: Pipeline, cluster: Cluster, definition: Definition) -> Amounts:
    compiled = Compiled.of(definition.spec, definition.platform)
    beside, found = ENGINES[cluster.engine].beside, {"pods": Decimal(0)}
    for step in _steps(compiled, pipeline.parameters):
        component = compiled.of_task(step.task)
        container = compiled.container(component.executor)
        if container is None or container.is_claim:
            continue
        wanted = pipeline.steps.get(step.path, StepOverlay())
        tries = 1 + wanted.retry.get("count", step.task.retry.count if step.task.retry else 0)
        longest = _longest(wanted, compiled.pod(component.executor).deadline, pipeline, tries)
        found["pods"] += step.runs
        for kind, text in asked_by(container, wanted, cluster).items():
            asked = quantity(text) + quantity(beside.get(kind, "0"))
            _widest(found, f"{kind} at once", step.at_once * asked)
            if kind == "cpu" or is_device(kind):
                hours = longest and asked * step.runs * longest / _HOUR
                _add(found, f"{'CPU' if kind == 'cpu' else kind}-hours", hours)
    return found


def _steps(compiled: Compiled, parameters: Mapping[str, Any]) -> Iterator[_Step]:
    known = {each.name: parameters.get(each.name, each.default) for each in compiled.root.all_inputs}
    yield from _inside(compiled, compiled.root, "", known, (1, 1))


def _inside(
    compiled: Compiled, component: Component, prefix: str, known: Mapping[str, Any], around: tuple[int, int]
) -> Iterator[_Step]:
    """The steps of a DAG; `known` are its inputs whose value is known, `around` how often it runs, and at once."""
    for key in component.tasks:
        task = component.task(key)
        inner = compiled.of_task(task)
        path = prefix.rstrip("/") if task.is_branching else prefix + task.name
        given = {name: _value(source, known) for name, source in task.sources(PARAMETERS)}
        count = _items(task, given)
        runs, at_once = around[0] * count, around[1] * min(count, task.parallelism or count)
        if inner.is_dag:
            inputs = {each.name: given.get(each.name, each.default) for each in inner.all_inputs}
            yield from _inside(compiled, inner, f"{path}/" if path else "", inputs, (runs, at_once))
        else:
            yield _Step(path, task, runs, at_once)


def _value(source: Any, known: Mapping[str, Any]) -> Any:
    return source.value if source.is_constant else known.get(source.name)


def _items(task: Task, given: Mapping[str, Any]) -> int:
    """How often a task is repeated; once where the list is known only when it runs."""
    loop = task.loop
    if loop is None:
        return 1
    items = json.loads(loop.raw) if loop.raw is not None else given.get(loop.over)
    return len(items) if isinstance(items, list) else 1


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
