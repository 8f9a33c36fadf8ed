"""The steps of a compiled pipeline, found by paths built from the names that a person gave.

A step's path joins the `taskInfo` names from the root to the task: `variants/train` is the task `train` in the loop
`variants`. The branches of one If / Elif / Else share an unnamed parent in the IR, which a path passes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BRANCHES = re.compile(r"condition-branches-\d+")


@dataclass(frozen=True)
class Step:
    """A task of the IR that runs something: its path, the task itself, and the label of its executor."""

    path: str
    task: dict[str, Any]
    component: str
    executor: str


def steps(spec: dict[str, Any]) -> list[Step]:
    """Every step of a PipelineSpec, in the order of paths."""
    found = [
        Step(path, task, component, spec["components"][component]["executorLabel"])
        for path, _, task, component in tasks(spec)
        if "executorLabel" in spec["components"][component]
    ]
    return sorted(found, key=lambda step: step.path)


def tasks(
    spec: dict[str, Any], component: str = "", prefix: str = ""
) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Walk (path, key, task, component name) from the root DAG, or from one component's, downwards."""
    parent = spec["components"][component] if component else spec["root"]
    for key, task in parent.get("dag", {}).get("tasks", {}).items():
        transparent = BRANCHES.fullmatch(key)
        path = prefix.rstrip("/") if transparent else prefix + task["taskInfo"]["name"]
        child = task["componentRef"]["name"]
        yield path, key, task, child
        yield from tasks(spec, child, f"{path}/" if path else "")
