"""Whether a cluster has room for the steps of a pipeline, with all that its engine puts into a step's pod."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from generators.engines.engine import DEFAULT_REQUEST
from generators.engines.registry import engine
from generators.fleet.consistency import is_device
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.ir.definitions import Definition
from generators.ir.overlay import chosen_accelerator
from generators.ir.steps import steps
from generators.ir.view import Container, Task
from generators.ir.view import Pipeline as Compiled
from generators.model import Cluster, Environment, Pipeline, StepOverlay
from generators.quantities import quantity
from generators.suggestions import did_you_mean

_RULE = "capacity"


@dataclass(frozen=True)
class _Room:
    """What one step asks a cluster for of one resource, and what there is of it."""

    at: KeyPath
    cluster: Cluster
    name: str
    asked: str

    @property
    def capacity(self) -> Decimal:
        return quantity(self.cluster.capacity[self.name])

    @property
    def beside(self) -> str:
        return engine(self.cluster.engine).beside.get(self.name, "0")

    @property
    def pod(self) -> Decimal:
        """What the step's pod asks for as a whole."""
        return quantity(self.asked) + quantity(self.beside)

    @property
    def key(self) -> str:
        return f"clusters.{self.cluster.name}.capacity.{self.name}"

    @property
    def path(self) -> KeyPath:
        return (*self.at, "resources", self.name)

    @property
    def limit(self) -> KeyPath:
        return ("clusters", self.cluster.name, "capacity", self.name)


def problems(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Problem]:
    """The steps that a cluster can never run."""
    known = {step.path for step in steps(definition.spec)}
    for path, wanted in pipeline.steps.items():
        for cluster in _in_containers(environment):
            lacks = wanted.accelerator == "required" and not cluster.accelerators
            if path in known and lacks and pipeline.runs_on(cluster.name):
                message = f"the cluster {cluster.name} has no accelerator"
                fix = f"add clusters.{cluster.name}.accelerators, or write optional"
                at = ("pipelines", pipeline.name, "steps", path, "accelerator")
                facts = ("clusters", cluster.name, "accelerators")
                yield Problem(at, _RULE, message, "required", "none, optional", fix, against=(facts,))
    rooms = defaultdict(list)
    for _, room in _rooms(environment, pipeline, definition):
        rooms[room.limit].append(room)
    for asked in rooms.values():
        too_large = [room for room in asked if room.pod > room.capacity]
        yield from [_too_small(asked)] if asked[1:] and too_large == asked else map(_too_large, too_large)
    yield from _unknown_devices(environment, pipeline, definition)


def _unknown_devices(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Problem]:
    """Accelerators that the pipeline's code asks for, and a capacity that counts others has none of."""
    for step, asked, cluster in _everything_asked(environment, pipeline, definition):
        counted = [name for name in cluster.capacity if is_device(name)]
        own = {accelerator.type for accelerator in cluster.accelerators}
        for name in asked:
            if counted and is_device(name) and name not in {*counted, *own}:
                message = f"asks for {name}, of which the cluster {cluster.name} has none"
                fix = did_you_mean(name, counted) or f"add it to clusters.{cluster.name}.capacity"
                at = ("pipelines", pipeline.name, "steps", step, "accelerator")
                limits = ("clusters", cluster.name, "capacity")
                yield Problem(at, "unknown-accelerator", message, name, ", ".join(counted), fix, against=(limits,))


def warnings(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[Problem]:
    """The steps that a cluster runs, but not as many at once as the loops around them may start."""
    loops = _loops(definition)
    for path, room in _rooms(environment, pipeline, definition):
        around = {loop: count for loop, count in loops.items() if f"{path}/".startswith(f"{loop}/")}
        count, total = prod(around.values()), prod(around.values()) * room.pod
        if room.pod <= room.capacity < total:
            yield _too_many(room, count, " in ".join(reversed(around)))


def _too_large(room: _Room) -> Problem:
    fix = f"lower it, or raise {room.key}"
    if quantity(room.asked) > room.capacity:
        message, most = f"asks for more {room.name} than the cluster {room.cluster.name} may give", room.capacity
    else:
        message = (
            f"fits into the cluster {room.cluster.name} only without what {room.cluster.engine} adds to its pod, "
            f"{room.beside} {room.name}"
        )
        most = room.capacity - quantity(room.beside)
    allowed = f"at most {shown(room.name, most)}"
    return Problem(room.path, _RULE, message, room.asked, allowed, fix, against=(room.limit,))


def _too_small(asked: list[_Room]) -> Problem:
    """A capacity that no step at all fits, which is more likely what is wrong than each of them."""
    room = min(asked, key=lambda each: each.pod)
    least = shown(room.name, room.pod)
    message = (
        f"no step of {room.at[1]} fits: the smallest asks for {least} {room.name} with what {room.cluster.engine} adds"
    )
    found = room.cluster.capacity[room.name]
    return Problem(room.limit, _RULE, message, found, f"at least {least}", "raise it, or lower what the steps ask for")


def _too_many(room: _Room, count: int, loop: str) -> Problem:
    total, each, capacity = (shown(room.name, found) for found in (count * room.pod, room.pod, room.capacity))
    message = (
        f"the loop {loop} may run {count} of this step at once, whose pods ask for {total} {room.name} together, "
        f"and the cluster {room.cluster.name} may give {capacity}: the others wait"
    )
    most = int(room.capacity / room.pod)
    fix = f"write parallelism={most} at the loop, lower what the step asks for, or raise {room.key}"
    found, allowed = f"{count} times {each}", f"at most {capacity}"
    return Problem(room.path, "parallelism", message, found, allowed, fix, against=(room.limit,))


def _rooms(environment: Environment, pipeline: Pipeline, definition: Definition) -> Iterator[tuple[str, _Room]]:
    """A step's path with what it asks for, of everything that some cluster has a limit of."""
    for step, everything, cluster in _everything_asked(environment, pipeline, definition):
        at = ("pipelines", pipeline.name, "steps", step)
        for name, asked in everything.items():
            if name in cluster.capacity:
                yield step, _Room(at, cluster, name, asked)


def _everything_asked(
    environment: Environment, pipeline: Pipeline, definition: Definition
) -> Iterator[tuple[str, dict[str, str], Cluster]]:
    """A step's path with all that its container asks for, on each cluster."""
    compiled = Compiled.of(definition.spec)
    for step in steps(definition.spec):
        container = compiled.container(step.executor)
        if container is None or container.is_claim:
            continue
        wanted = pipeline.steps.get(step.path, StepOverlay())
        for cluster in _in_containers(environment):
            if pipeline.runs_on(cluster.name):
                yield step.path, asked_by(container, wanted, cluster), cluster


def asked_by(container: Container, wanted: StepOverlay, cluster: Cluster) -> dict[str, str]:
    """Resource to the quantity that a step's container asks for, but for what is known only when it runs."""
    compiled = container.resources
    found = {
        kind: wanted.requests.get(kind)
        or wanted.resources.get(kind)
        or compiled.amount(kind, "Request")
        or compiled.amount(kind, "Limit")
        or default
        for kind, default in DEFAULT_REQUEST.items()
    }
    if accelerator := chosen_accelerator(wanted, cluster):
        found[accelerator.type] = "1"
    elif wanted.accelerator != "none":
        found |= [compiled.accelerator]
    return {name: amount for name, amount in found.items() if name and _is_quantity(amount)}


def _is_quantity(text: str) -> bool:
    try:
        quantity(text)
    except ValueError:  # a placeholder, or what the API server alone can judge
        return False
    return True


def _loops(definition: Definition) -> dict[str, int]:
    """Each loop of a pipeline by its path, outer ones first, with how many iterations may run at once, if known."""
    return {path: count for path, task in Compiled.of(definition.spec).walk() if (count := _at_once(task))}


def _at_once(task: Task) -> int:
    loop = task.loop
    if loop is None:
        return 0
    limits = [task.parallelism] if task.parallelism else []
    if loop.raw is not None:
        limits.append(len(json.loads(loop.raw)))
    return min(limits, default=0)


def _in_containers(environment: Environment) -> list[Cluster]:
    return [cluster for cluster in environment.clusters if engine(cluster.engine).in_containers]


def shown(name: str, amount: Decimal) -> str:
    """An amount of a resource, in cores, bytes or pieces, as a quantity."""
    if name not in ("memory", "ephemeral-storage"):
        return f"{amount.normalize():f}"
    mebibytes = amount / 2**20
    unit, size = ("Gi", mebibytes / 1024) if mebibytes >= 1024 else ("Mi", mebibytes)
    return f"{round(size, 3).normalize():f}{unit}"
