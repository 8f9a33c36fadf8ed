"""Whether values are of their types: defaults, constants, and what flows from one task into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.values import WORDS, conform, converted, selected_keys, strict_json
from generators.ir.view import Component, Declared, Source, Task, placeholders
from generators.ir.view.source import INPUT, OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

# Types of which one can become the other; a string can become anything, and anything a string.
_ALIKE = {
    "NUMBER_INTEGER": "number",
    "NUMBER_DOUBLE": "number",
    "STRUCT": "mapping",
    "TASK_FINAL_STATUS": "mapping",
    "TASK_CONFIG": "mapping",
}
ANY_ARTIFACT = "system.Artifact"


def check(scope: Scope) -> None:
    """Add a problem for every value that its taker cannot hold."""
    for path, component in scope.components:
        _names(scope, component, path)
        for group, declared in (("inputDefinitions", each) for each in component.all_inputs):
            if not declared.is_artifact:
                _declared(scope, declared, (*path, group, PARAMETERS, declared.name))
        for at, task in scope.tasks(component, path):
            _task(scope, component, task, at)


def _names(scope: Scope, component: Component, path: KeyPath) -> None:
    for group, declared in (("inputDefinitions", component.all_inputs), ("outputDefinitions", component.all_outputs)):
        for name, count in Counter(each.name for each in declared).items():
            if count > 1:
                scope.add("name", (*path, group), f"{name} is both a parameter and an artifact", name, fix="rename one")


def fits(kind: str, wanted: str) -> bool:
    """Whether a value of one type can be of another; an unknown type can be anything."""
    if not kind or not wanted or "STRING" in (kind, wanted):
        return True
    return _ALIKE.get(kind, kind) == _ALIKE.get(wanted, wanted)


def _declared(scope: Scope, declared: Declared, at: KeyPath) -> None:
    if declared.default is not None:
        _hold(scope, conform, declared.kind, declared.default, (*at, "defaultValue"))
    for index, literal in enumerate(declared.literals):
        _hold(scope, conform, declared.kind, literal, (*at, "literals", index))


def _hold(scope: Scope, read: Callable[[str, Any], Any], kind: str, value: Any, at: KeyPath) -> None:
    try:
        read(kind, value)
    except (GraftError, ValueError, TypeError):  # a text may mean a number of more digits than Python reads
        scope.add("type", at, f"is not {WORDS.get(kind, kind)}", shown(value), WORDS.get(kind, ""))


def _task(scope: Scope, around: Component, task: Task, at: KeyPath) -> None:
    component, loop = scope.of_task(task), task.loop
    for group in (PARAMETERS, ARTIFACTS):
        taken = component.inputs(group) if component else {}
        for name, source in task.sources(group):
            here = (*at, "inputs", group, name)
            if source.selector:
                _selector(scope, source.selector, (*here, "parameterExpressionSelector"))
            elif name in taken:
                _flow(scope, around, source, Declared(name, group, taken[name]), here)
    if loop and loop.raw is not None:
        _items(scope, loop.raw, (*at, "parameterIterator", "items", "raw"))


def _selector(scope: Scope, selector: str, at: KeyPath) -> None:
    try:
        selected_keys(selector)
    except GraftError as error:
        scope.add("selector", at, error.message, selector)


def _items(scope: Scope, raw: str, at: KeyPath) -> None:
    try:
        items = strict_json(raw)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list):
        scope.add("loop", at, "the items of a loop are not a list in JSON", shown(raw))


def _flow(scope: Scope, around: Component, source: Source, taker: Declared, at: KeyPath) -> None:
    if source.is_constant:
        if source.value is not None and not placeholders.inside(source.value):
            _hold(scope, converted, taker.kind, source.value, (*at, "runtimeValue", "constant"))
        return
    known = origin(scope, around, source, taker.group)
    if taker.is_artifact:
        title, wanted = known, taker.type.get("schemaTitle", "")
        if title and wanted and title != wanted and ANY_ARTIFACT not in (title, wanted):
            scope.add("type", at, f"takes an artifact of the type {wanted}, and is given {title}", title, wanted)
    elif not fits(known, taker.kind):
        message = f"takes {WORDS.get(taker.kind, taker.kind)}, and is given {WORDS.get(known, known)}"
        scope.add("type", at, message, known, taker.kind)


def origin(scope: Scope, around: Component, source: Source, group: str) -> str:
    """The type of what a source gives, a parameter's or the title of an artifact's, "" where it is not known."""
    if source.kind == STATUS:
        return "TASK_FINAL_STATUS"
    if source.kind == INPUT:
        return _type(Declared(source.name, group, around.inputs(group).get(source.name, {})))
    if source.kind == OUTPUT and source.task in around.tasks:
        return output_kind(scope, around.task(source.task), group, source.name)
    return ""


def output_kind(scope: Scope, task: Task, group: str, name: str, depth: int = 0) -> str:
    """The type of a task's output: of a DAG that of what gives it inside, and of a loop's parameters a list."""
    component = scope.of_task(task)
    if not component or name not in component.outputs(group) or depth > 50:
        return ""
    if task.is_loop and group == PARAMETERS:
        return "LIST"
    chosen = next((found for kind, output, found in component.given if (kind, output) == (group, name)), None)
    if not chosen:
        return _type(Declared(name, group, component.outputs(group)[name]))
    key, inner = chosen[0]
    return output_kind(scope, component.task(key), group, inner, depth + 1) if key in component.tasks else ""


def _type(declared: Declared) -> str:
    return declared.type.get("schemaTitle", "") if declared.is_artifact else declared.kind
