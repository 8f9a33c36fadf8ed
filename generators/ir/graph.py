"""The shape of a DAG in the IR: what depends on what, in which order, and under which names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from generators.errors import GraftError
from generators.ir.steps import BRANCHES

_PRODUCERS = ("taskOutputParameter", "taskOutputArtifact", "taskFinalStatus")

Tasks = Mapping[str, dict[str, Any]]


def dependencies(tasks: Tasks) -> dict[str, list[str]]:
    """Task to the tasks it waits for, in an order in which every task comes after them."""
    edges = {key: sorted(_upstream(task)) for key, task in sorted(tasks.items())}
    for key, upstream in edges.items():
        if missing := [name for name in upstream if name not in tasks]:
            raise GraftError(f"the task {key} depends on {missing[0]}, which is not beside it")
    try:
        return {key: edges[key] for key in TopologicalSorter(edges).static_order()}
    except CycleError as error:
        raise GraftError(f"the tasks {' -> '.join(error.args[1])} wait for each other") from None


def ancestors(tasks: Tasks, key: str) -> set[str]:
    """Every task that must be over before the task `key` starts."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = _upstream(tasks[waiting.pop()]) & tasks.keys() - found
        found |= fresh
        waiting += fresh
    return found


def runs_after_failure(task: Mapping[str, Any]) -> bool:
    """Whether the task runs when its upstream is over, failed or not: an exit task, or ignore_upstream_failure."""
    return task.get("triggerPolicy", {}).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED"


def spared(tasks: Tasks, edges: Mapping[str, list[str]]) -> frozenset[str]:
    """The tasks that a failure beside them does not end: those that run after failures, and what follows on them."""
    found: set[str] = set()
    for key, upstream in edges.items():
        if runs_after_failure(tasks[key]) or found.intersection(upstream):
            found.add(key)
    return frozenset(found)


def transparent(key: str) -> bool:
    """Whether a path passes over the task: the unnamed parent of the branches of one If / Elif / Else."""
    return BRANCHES.fullmatch(key) is not None


def names(spec: Mapping[str, Any], dag: Mapping[str, Any]) -> dict[str, str]:
    """Task key to the part of a path that stands for it; where two would be alike, the key follows after a tilde."""
    listed = list(_named(spec, dag))
    counts = Counter(name for _, name in listed)
    return {key: name if counts[name] == 1 else f"{name}~{key}" for key, name in listed}


def _named(spec: Mapping[str, Any], dag: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, task in dag["tasks"].items():
        if transparent(key):
            yield from _named(spec, spec["components"][task["componentRef"]["name"]]["dag"])
        else:
            # the path is a folder's name too, and a display name may hold anything
            yield key, re.sub(r"[^\w-]+", "-", task.get("taskInfo", {}).get("name") or key)


def _upstream(task: Mapping[str, Any]) -> set[str]:
    inputs = task.get("inputs", {})
    sources = [*inputs.get("parameters", {}).values(), *inputs.get("artifacts", {}).values()]
    producers = {source[kind]["producerTask"] for source in sources for kind in _PRODUCERS if kind in source}
    return producers.union(task.get("dependentTasks", ()))
