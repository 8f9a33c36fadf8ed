"""The steps of a compiled pipeline, found by paths built from the names that a person gave.

A step's path joins the `taskInfo` names from the root to the task: `variants/train` is the task `train` in the loop
`variants`. The branches of one If / Elif / Else share an unnamed parent in the IR, which a path passes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generators.ir.view import Pipeline
from generators.ir.view.task import BRANCHES

__all__ = ["BRANCHES", "Step", "steps"]


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
