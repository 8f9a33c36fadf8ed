"""The steps of a compiled pipeline, found by paths built from the names that a person gave.

A step's path joins the `taskInfo` names from the root to the task: `variants/train` is the task `train` in the loop
`variants`. The branches of one If / Elif / Else share an unnamed parent in the IR, which a path passes over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.view import Component, Pipeline, Task
from generators.ir.view.task import BRANCHES

__all__ = ["BRANCHES", "Step", "place_of", "steps"]


@dataclass(frozen=True)
class Step:
    """A task of the IR that runs something: its path, the task itself, and the label of its executor."""

    path: str
    task: dict[str, Any]
    component: str
    executor: str


def steps(spec: dict[str, Any]) -> list[Step]:
    """Every step of a PipelineSpec, in the order of paths."""
    pipeline = Pipeline.of(spec)
    found = [
        Step(path, task.tree, task.component, label)
        for path, task in pipeline.walk()
        if (label := pipeline.of_task(task).executor)
    ]
    return sorted(found, key=lambda step: step.path)


def place_of(spec: dict[str, Any], platform: dict[str, Any], step: str, field: KeyPath = ()) -> KeyPath:
    """Where `field` of a step, or of a group, stands in a compiled pipeline.

    That is below its task, its component, its executor, its pod in the PlatformSpec, or the pipeline where it is not a
    step's; what stands nowhere has the place of the task, or of the root.
    """
    pipeline = Pipeline.of(spec)
    places = _places(pipeline, pipeline.root, ("root",), "")
    task = next((place for path, place in places if path == step), ("root",))
    component = ("components", _below(spec, (*task, "componentRef", "name")))
    executor = ("deploymentSpec", "executors", _below(spec, (*component, "executorLabel")))
    pod = ("platforms", "kubernetes", *executor)
    asking = ((*holder, *field) for holder in (task, component, executor, pod, ()) if field)
    return next((place for place in asking if any(_below(tree, place) is not None for tree in (spec, platform))), task)


def _below(tree: Any, path: KeyPath) -> Any:
    """What stands at a path, None where nothing does."""
    for key in path:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _places(pipeline: Pipeline, component: Component, at: KeyPath, prefix: str) -> Iterator[tuple[str, KeyPath]]:
    """The path and the place of every task, as `Pipeline.walk` goes."""
    for key, tree in component.tasks.items():
        task = Task(key, tree)
        path = prefix.rstrip("/") if task.is_branching else prefix + task.name
        yield path, (*at, "dag", "tasks", key)
        below = ("components", task.component)
        yield from _places(pipeline, pipeline.of_task(task), below, f"{path}/" if path else "")
