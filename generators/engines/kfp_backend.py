"""What the backend of Kubeflow Pipelines 2.17 takes and then fails on, as warnings; each was met on a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generators.engines.engine import Document, Unsupported
from generators.ir.steps import BRANCHES
from generators.ir.view import Component, Pipeline, Source, Task
from generators.ir.view.source import INPUT
from generators.ir.view.tree import PARAMETERS

_ON = "the backend of Kubeflow Pipelines 2.17"


def warnings(spec: Document) -> Iterator[Unsupported]:
    """Every warning about a sound PipelineSpec, at the path of the step that it is about."""
    pipeline = Pipeline.of(spec)
    yield from _below(pipeline, pipeline.root, "")


def _below(pipeline: Pipeline, component: Component, path: str) -> Iterator[Unsupported]:
    yield from _alternatives(pipeline, component, path)
    for key in component.tasks:
        task = component.task(key)
        inner, below = pipeline.of_task(task), _path(path, task)
        if task.loop:
            yield from _gathering(pipeline, inner, below)
            yield from _items(pipeline, task, component, below)
        if inner.is_dag:
            yield from _below(pipeline, inner, below)


def _path(path: str, task: Task) -> str:
    return path if BRANCHES.fullmatch(task.key) else f"{path}/{task.name}".lstrip("/")


def _first_step(pipeline: Pipeline, task: Task, path: str) -> str:
    """The path of the first step in a group, which stands at a line of the author's code, or of the step itself."""
    component = pipeline.of_task(task)
    for key in component.tasks:
        return _first_step(pipeline, component.task(key), _path(path, component.task(key)))
    return path


def _gathering(pipeline: Pipeline, body: Component, path: str) -> Iterator[Unsupported]:
    """Outputs of a loop that an iteration may not give, since a condition inside it leaves out what makes them."""
    for _, name, selectors in body.given if body.is_dag else ():
        condition = body.task(selectors[0][0])
        if len(selectors) == 1 and condition.condition:
            message = (
                f"{_ON} has failed on gathering {_plain(name)} where an iteration skipped the condition that gives it"
            )
            fix = "give the output in every iteration: an Else beside the If, and dsl.OneOf of both"
            yield _warning("gathers-condition", _first_step(pipeline, condition, _path(path, condition)), message, fix)
            return


def _alternatives(pipeline: Pipeline, component: Component, path: str) -> Iterator[Unsupported]:
    """A OneOf whose branch may come from the cache: it then finds no task that succeeded."""
    for _, name, selectors in component.given if component.is_dag else ():
        branches = [component.task(key) for key, _ in selectors] if len(selectors) > 1 else []
        cached = [step for branch in branches for step in _cached(pipeline, branch, _path(path, branch))]
        if cached:
            message = f"{_ON} fails on the OneOf {_plain(name)} where the branch that ran came from the cache"
            fix = f"turn caching off for {', '.join(cached)}, or expect a second run to fail"
            yield _warning("one-of-cached", cached[0], message, fix, "cachingOptions")
            return


def _cached(pipeline: Pipeline, task: Task, path: str) -> Iterator[str]:
    """The paths of the steps of a branch that may be served from the cache."""
    component = pipeline.of_task(task)
    for key in component.tasks:
        inner = component.task(key)
        yield from _cached(pipeline, inner, _path(path, inner))
    if task.is_cached and pipeline.container(component.executor):
        yield path


def _items(pipeline: Pipeline, task: Task, around: Component, path: str) -> Iterator[Unsupported]:
    """A loop whose items are declared as text, as kfp does for a list without a type, and are something else."""
    loop, body = task.loop, pipeline.of_task(task)
    declared = body.inputs(PARAMETERS).get(loop.item, {}) if loop else {}
    if not loop or declared.get("parameterType") != "STRING":
        return
    found = _known_items(task, around)
    if any(not isinstance(item, str) for item in found):
        message = f"{_ON} takes the items of this loop for text, and they are not"
        fix = "annotate the list with the type of its items, List[dict]"
        yield _warning("untyped-loop", _first_step(pipeline, task, path), message, fix)


def _known_items(task: Task, around: Component) -> list[Any]:
    """The items of a loop as far as they are known before a run."""
    if task.loop.raw is not None:
        try:
            items = json.loads(task.loop.raw)
        except ValueError:
            return []
        return items if isinstance(items, list) else []
    source = Source.of(task.inputs(PARAMETERS).get(task.loop.over, {}))
    default = source.value if source.is_constant else None
    if source.kind == INPUT:
        default = around.inputs(PARAMETERS).get(source.name, {}).get("defaultValue")
    return default if isinstance(default, list) else []


def _warning(rule: str, path: str, message: str, fix: str, *field: str) -> Unsupported:
    return Unsupported(rule, path, message, fix=fix, verdict="warning", field=field)


def _plain(output: str) -> str:
    """The name of an output that kfp gave to a group, as its author knows it."""
    return output.removeprefix("pipelinechannel--")
