"""What is known of a task's inputs when compiling: which have a value, and how long lists of artifacts get."""

from __future__ import annotations

from generators.engines.argo.graph.dataflow import Scope
from generators.engines.argo.refusals import Unsupported
from generators.engines.argo.text.listed import USUAL
from generators.engines.argo.text.values import Value
from generators.ir.values import strict_json
from generators.ir.view import Declared, Loop, Source, Task
from generators.ir.view.absent import absent_inputs
from generators.ir.view.source import INPUT, OUTPUT
from generators.ir.view.tree import ARTIFACTS, PARAMETERS


def present(scope: Scope, task: Task) -> dict[str, bool]:
    """Which inputs of a task have a value; one that may or may not have one when it runs is left out."""
    try:
        given = scope.given(task)
    except Unsupported:  # told where the DAG is made
        given = {name: Value("") for group in (PARAMETERS, ARTIFACTS) for name in task.inputs(group)}
    found = dict.fromkeys(absent_inputs(task, scope.of(task), scope.absent), False) | (
        {task.loop.item: True} if task.loop else {}
    )
    for declared in scope.of(task).all_inputs:
        if declared.name in found:
            continue
        if declared.default is not None or declared.name not in given:
            found[declared.name] = declared.name in given or declared.default is not None
        elif not given[declared.name].maybe:
            found[declared.name] = True
    return found


def lengths(scope: Scope, task: Task) -> dict[str, int]:
    """How many places each list of artifacts needs, where that is known of the loop that makes them."""
    found = {}
    for name, source in task.sources(ARTIFACTS):
        producer = scope.component.task(source.task) if source.kind == OUTPUT else None
        loop = producer.loop if producer else None
        if not loop or loop.group != PARAMETERS or _loops_inside(scope, producer, source):
            continue
        if loop.raw is not None:
            found[name] = len(strict_json(loop.raw))
        elif usual := _usual_length(scope, producer, loop):
            found[name] = max(USUAL, usual)
    return found


def _usual_length(scope: Scope, task: Task, loop: Loop) -> int:
    """How long the list is that a loop goes over where a run does not say otherwise, 0 where that is not known."""
    source = Source.of(task.inputs(PARAMETERS)[loop.over])
    declared = scope.component.inputs(PARAMETERS).get(source.name, {}) if source.kind == INPUT else {}
    default = declared.get("defaultValue")
    return len(default) if isinstance(default, list) else 0


def _loops_inside(scope: Scope, task: Task, source: Source) -> bool:
    """Whether an iteration of the producing loop gives a list itself."""
    component = scope.of(task)
    output = Declared(source.name, ARTIFACTS, component.outputs(ARTIFACTS)[source.name])
    inner = any(component.task(key).is_loop for key in component.tasks)
    return inner or (output.is_list and not component.is_dag)
