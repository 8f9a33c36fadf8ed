"""The shape of a DAG in a sound pipeline: what depends on what, in which order, and under which names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from generators.ir.view import Component, Pipeline, Task
from generators.ir.view.task import Tasks


def dependencies(tasks: Tasks) -> dict[str, list[str]]:
    """Task to the tasks it waits for, in an order in which every task comes after them."""
    edges = {key: sorted(Task(key, tree).upstream) for key, tree in sorted(tasks.items())}
    return {key: edges[key] for key in TopologicalSorter(edges).static_order()}


def ancestors(tasks: Tasks, key: str) -> set[str]:
    """Every task that must be over before the task `key` starts."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        name = waiting.pop()
        fresh = Task(name, tasks[name]).upstream - found
        found |= fresh
        waiting += fresh
    return found


def spared(tasks: Tasks, edges: Mapping[str, list[str]]) -> frozenset[str]:
    """The tasks that a failure beside them does not end: those that run after failures, and what follows on them."""
    found: set[str] = set()
    for key, upstream in edges.items():
        if Task(key, tasks[key]).runs_after_failure or found.intersection(upstream):
            found.add(key)
    return frozenset(found)


def names(pipeline: Pipeline, component: Component) -> dict[str, str]:
    """Task key to the part of a path that stands for it; where two would be alike, the key follows after a tilde."""
    listed = list(_named(pipeline, component))
    counts = Counter(name for _, name in listed)
    return {key: name if counts[name] == 1 else f"{name}~{key}" for key, name in listed}


def _named(pipeline: Pipeline, component: Component) -> Iterator[tuple[str, str]]:
    for key in component.tasks:
        task = component.task(key)
        if task.is_branching:
            yield from _named(pipeline, pipeline.of_task(task))
        else:
            # the path is a folder's name too, and a display name may hold anything
            yield key, re.sub(r"[^\w-]+", "-", task.name)
