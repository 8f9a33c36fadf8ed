"""Whether everything that a pipeline refers to is there: components, executors, tasks, their outputs, inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate.scope import Scope
from generators.ir.view import Component, Source, Task, placeholders
from generators.ir.view.source import INPUT, OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS
from generators.suggestions import did_you_mean

# kfp 2.17 leaves out an input of the inner loop where one text is made of the items of both loops
_LOST_INPUT = "hand the items of two loops to a task as inputs of their own, not inside one text"
# What kfp hands a task beside the inputs of its component: what texts are made of, and the settings of its container.
CHANNEL = "pipelinechannel--"
_INJECTED = (
    "base_image", "cpu_limit", "cpu_request", "memory_limit", "memory_request", "accelerator_type", "accelerator_count",
)  # fmt: skip
_WORDS = {PARAMETERS: "parameter", ARTIFACTS: "artifact"}


def check(scope: Scope) -> None:
    """Add a problem for every reference that leads nowhere."""
    if not scope.pipeline.root.tasks and scope.intact("root"):
        scope.add("missing", ("root",), "the pipeline has no tasks")
    for path, component in scope.components:
        _executor(scope, component, path)
        for at, task in scope.tasks(component, path):
            _component(scope, task, at)
            _upstream(scope, component, path, task, at)
            _needed(scope, task, at)
        _outputs(scope, component, path)
    executors = scope.pipeline.executors
    for label in scope.pipeline.pods:
        if label not in executors and scope.intact("deploymentSpec", "executors", label):
            at = ("platforms", "kubernetes", "deploymentSpec", "executors", label)
            _nowhere(scope, at, "executor", label, executors)


def source(scope: Scope, around: Component, path: KeyPath, found: Source, group: str, at: KeyPath) -> None:
    """Whether what a source of a task, or of its pod, refers to is there; `path` is that of the DAG around it."""
    if found.kind in (OUTPUT, STATUS) and found.task not in around.tasks:
        if scope.intact(*path, "dag", "tasks", found.task):
            _nowhere(scope, at, "task beside it", found.task, around.tasks)
    elif found.kind == OUTPUT:
        _output(scope, around.task(found.task), group, found.name, at)
    elif found.kind == INPUT and found.name not in around.inputs(group) and scope.intact(*path, "inputDefinitions"):
        message = f"the DAG around it has no input {_WORDS[group]} {found.name}"
        scope.add("reference", at, message, found.name, _listed(around.inputs(group)), _LOST_INPUT)


def _executor(scope: Scope, component: Component, path: KeyPath) -> None:
    label, executors = component.executor, scope.pipeline.executors
    if not label:
        return
    if label not in executors:
        if scope.intact("deploymentSpec", "executors", label):
            _nowhere(scope, (*path, "executorLabel"), "executor", label, executors)
        return
    uri = executors[label].get("importer", {}).get("artifactUri", {})
    name, at = uri.get("runtimeParameter"), ("deploymentSpec", "executors", label, "importer", "artifactUri")
    if (
        "runtimeParameter" in uri
        and name not in component.inputs(PARAMETERS)
        and scope.intact(*path, "inputDefinitions")
    ):
        scope.add("reference", (*at, "runtimeParameter"), f"its component has no input parameter {name}", name)


def _component(scope: Scope, task: Task, at: KeyPath) -> None:
    if task.component not in scope.pipeline.components and scope.intact("components", task.component):
        _nowhere(scope, (*at, "componentRef", "name"), "component", task.component, scope.pipeline.components)


def _upstream(scope: Scope, around: Component, path: KeyPath, task: Task, at: KeyPath) -> None:
    for index, name in enumerate(task.tree.get("dependentTasks", ())):
        if name not in around.tasks and scope.intact(*path, "dag", "tasks", name):
            _nowhere(scope, (*at, "dependentTasks", index), "task beside it", name, around.tasks)
    for group in (PARAMETERS, ARTIFACTS):
        for name, each in task.sources(group):
            source(scope, around, path, each, group, (*at, "inputs", group, name))
            _taken(scope, task, group, name, (*at, "inputs", group, name))


def _taken(scope: Scope, task: Task, group: str, name: str, at: KeyPath) -> None:
    """Whether a task is given what its component has no input for, and nothing about the task mentions."""
    component = scope.of_task(task)
    whole = scope.intact("components", task.component, "inputDefinitions")
    if component and whole and name not in component.inputs(group) and not _is_mentioned(scope, task, component, name):
        known = component.inputs(group)
        fix = did_you_mean(name, known) or "remove it: nothing takes it"
        scope.add("reference", at, f"{task.component} has no input {_WORDS[group]} {name}", name, _listed(known), fix)


def _is_mentioned(scope: Scope, task: Task, component: Component, name: str) -> bool:
    """Whether a condition, the text of another input or a resource may read it: kfp hands a task what they mention."""
    executor = scope.pipeline.executors.get(component.executor, {})
    texts = placeholders.strings([task.tree, executor])
    return name in _INJECTED or name.startswith(CHANNEL) or any(f"['{name}']" in text for text in texts)


def _needed(scope: Scope, task: Task, at: KeyPath) -> None:
    """Whether a task is given all that its component needs, and a loop the list that it goes over."""
    component, loop = scope.of_task(task), task.loop
    if not component or not scope.intact(*at, "inputs"):
        return
    item = loop.item if loop else ""
    for declared in component.all_inputs:
        if declared.name not in task.inputs(declared.group) and declared.name != item and declared.is_required:
            message = f"it is not given the {_WORDS[declared.group]} {declared.name}, which {task.component} needs"
            scope.add("input", at, message, fix="give it a value, or the input a default")
    if not loop:
        return
    known = {declared.name for declared in component.all_inputs}
    for name, what in ((item, "which should take the item of the loop"), (loop.over, "which the loop goes over")):
        if name and name not in known and scope.intact("components", task.component):
            scope.add("loop", at, f"{task.component} has no input {name}, {what}", name)
    if loop.raw is None and loop.over not in task.inputs(loop.group):
        scope.add("loop", at, f"it goes over {loop.over}, which it is not given", loop.over)


def _outputs(scope: Scope, component: Component, path: KeyPath) -> None:
    given: set[tuple[str, str]] = set()
    for group, name, selectors in component.given:
        at = (*path, "dag", "outputs", group, name)
        given.add((group, name))
        for task, output in selectors:
            if task in component.tasks:
                _output(scope, component.task(task), group, output, at)
            elif scope.intact(*path, "dag", "tasks", task):
                _nowhere(scope, at, "task in this DAG", task, component.tasks)
    if component.is_dag and scope.intact(*path, "dag", "outputs"):
        for name, group in _undelivered(component, given):
            at = (*path, "outputDefinitions", group, name)
            scope.add("reference", at, f"nothing in its DAG gives the output {_WORDS[group]} {name}")


def _undelivered(component: Component, given: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for declared in component.all_outputs:
        if (declared.group, declared.name) not in given:
            yield declared.name, declared.group


def _output(scope: Scope, task: Task, group: str, name: str, at: KeyPath) -> None:
    component = scope.of_task(task)
    if component and name not in component.outputs(group) and scope.intact("components", task.component):
        message = f"the task {task.key} has no output {_WORDS[group]} {name}"
        known = component.outputs(group)
        scope.add("reference", at, message, name, _listed(known), did_you_mean(name, known))


def _nowhere(scope: Scope, at: KeyPath, what: str, name: str, known: Iterable[str]) -> None:
    scope.add("reference", at, f"there is no {what} {name}", name, _listed(known), did_you_mean(name, known))


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
