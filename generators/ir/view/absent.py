"""Which inputs have no value in any run, as far as the IR says it."""

from __future__ import annotations

from collections.abc import Collection

from generators.ir.view.component import Component
from generators.ir.view.source import INPUT, Source
from generators.ir.view.task import Task
from generators.ir.view.tree import ARTIFACTS, PARAMETERS


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
