"""The shape of a DAG in a sound pipeline: what depends on what, in which order, and under which names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from graphlib import TopologicalSorter

from generators.ir.view import Component, Pipeline, Source, Task
from generators.ir.view.source import INPUT
from generators.ir.view.task import Tasks
from generators.ir.view.tree import ARTIFACTS, PARAMETERS


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


def never_given(root: Component) -> frozenset[str]:
    """The inputs of a pipeline that have no value in any run, which may hand over parameters alone."""
    return frozenset(each.name for each in root.all_inputs if each.is_artifact and each.is_optional)


def absent_inputs(task: Task, component: Component, around: Collection[str]) -> frozenset[str]:
    """The inputs of a task's component that have no value in any run: not given, or from what `around` lacks."""
    sources = {**dict(task.sources(PARAMETERS)), **dict(task.sources(ARTIFACTS))}
    item = task.loop.item if task.loop else None
    return frozenset(
        each.name
        for each in component.all_inputs
        if each.default is None and each.name != item and _is_absent(sources.get(each.name), around)
    )


def _is_absent(source: Source | None, around: Collection[str]) -> bool:
    if source is None or (source.is_constant and source.value is None):
        return True
    return source.kind == INPUT and source.name in around
