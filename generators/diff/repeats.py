"""How often each task of a pipeline runs in one run of it, and how many of it at once, as far as that is known before.

The items of a loop are known where they are written in the pipeline, or are a parameter of the run; else it counts as
one. Of a condition all branches count, so that what is reckoned of it is at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.view import Component, Pipeline, Task
from generators.ir.view.tree import PARAMETERS


@dataclass(frozen=True)
class Repeated:
    """A task by its path: how often it runs, and how many of it at once.

    Of a group it is how often one begins: a loop begins, and each of its iterations does.
    """

    path: str
    task: Task
    runs: int
    at_once: int
    is_group: bool = False


def repeated(compiled: Pipeline, parameters: Mapping[str, Any]) -> Iterator[Repeated]:
    """Every task of a pipeline whose run is given these parameters."""
    known = {each.name: parameters.get(each.name, each.default) for each in compiled.root.all_inputs}
    yield from _inside(compiled, compiled.root, "", known, (1, 1))


def _inside(
    compiled: Pipeline, component: Component, prefix: str, known: Mapping[str, Any], around: tuple[int, int]
) -> Iterator[Repeated]:
    """The tasks of a DAG; `known` are its inputs whose value is known, `around` how often it runs, and at once."""
    for key in component.tasks:
        task = component.task(key)
        inner = compiled.of_task(task)
        path = prefix.rstrip("/") if task.is_branching else prefix + task.name
        given = {name: _value(source, known) for name, source in task.sources(PARAMETERS)}
        count = _items(task, given)
        runs, at_once = around[0] * count, around[1] * min(count, task.parallelism or count)
        if inner.is_dag:
            yield Repeated(path, task, runs + (around[0] if task.loop else 0), at_once, is_group=True)
            inputs = {each.name: given.get(each.name, each.default) for each in inner.all_inputs}
            yield from _inside(compiled, inner, f"{path}/" if path else "", inputs, (runs, at_once))
        else:
            yield Repeated(path, task, runs, at_once)


def _value(source: Any, known: Mapping[str, Any]) -> Any:
    return source.value if source.is_constant else known.get(source.name)


def _items(task: Task, given: Mapping[str, Any]) -> int:
    """How often a task is repeated; once where the list is known only when it runs."""
    loop = task.loop
    if loop is None:
        return 1
    items = json.loads(loop.raw) if loop.raw is not None else given.get(loop.over)
    return len(items) if isinstance(items, list) else 1
