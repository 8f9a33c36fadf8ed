"""Whether types agree where `validate` lets text pass for anything: outputs of a DAG, lists of artifacts, literals."""

from __future__ import annotations

from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.validate.values import ANY_ARTIFACT, fits, origin, output_kind
from generators.ir.values import WORDS, converted, integers
from generators.ir.view import Component, Declared, Source, Task, placeholders
from generators.ir.view.source import INPUT, OUTPUT
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

_READ = ("NUMBER_INTEGER", "NUMBER_DOUBLE", "BOOLEAN", "LIST", "STRUCT")  # what KFP reads out of a text, or fails


def check(scope: Scope) -> None:
    """Add a problem for every edge along which a value is not what its taker wants."""
    for path, component in scope.components:
        for declared in component.all_inputs:
            _default(scope, declared, (*path, "inputDefinitions", declared.group, declared.name))
        for at, task in scope.tasks(component, path):
            inner = scope.of_task(task)
            for group in (PARAMETERS, ARTIFACTS) if inner else ():
                taken = inner.inputs(group)
                for name, source in task.sources(group):
                    if name in taken:
                        _edge(
                            scope, component, source, Declared(name, group, taken[name]), (*at, "inputs", group, name)
                        )
        _outputs(scope, component, path)


def _default(scope: Scope, declared: Declared, at: KeyPath) -> None:
    if declared.default is not None:
        _literal(scope, declared, declared.default, (*at, "defaultValue"))


def _edge(scope: Scope, around: Component, source: Source, taker: Declared, at: KeyPath) -> None:
    if source.is_constant:
        if source.value is not None and not source.selector and not placeholders.inside(source.value):
            _literal(scope, taker, source.value, at)
    elif taker.is_artifact:
        _list(scope, around, source, taker, at)
    elif not source.selector and _is_read_out_of_text(scope, around, source, taker):
        message = f"takes {WORDS[taker.kind]}, and is given a string, which KFP reads as one or fails"
        scope.warn(
            "type", at, message, "STRING", f"declare the output as {WORDS[taker.kind]}, or the input as a string"
        )


def _literal(scope: Scope, taker: Declared, value: object, at: KeyPath) -> None:
    allowed = integers(taker.literals)
    if allowed and converted(taker.kind, value) not in allowed:
        scope.add("literal", at, "is none of the values that it may have", shown(value), ", ".join(map(shown, allowed)))


def _list(scope: Scope, around: Component, source: Source, taker: Declared, at: KeyPath) -> None:
    """Whether a list of artifacts is given where one is wanted, and one artifact where one is."""
    given = _is_list(scope, around, source)
    if given is not None and given != taker.is_list:
        wanted, found = ("a list of artifacts", "one") if taker.is_list else ("one artifact", "a list of them")
        scope.add("type", at, f"takes {wanted}, and is given {found}", found, wanted)


def _is_list(scope: Scope, around: Component, source: Source) -> bool | None:
    """Whether a source gives a list of artifacts, None where that cannot be said."""
    if source.kind == INPUT and source.name in around.inputs(ARTIFACTS):
        return Declared(source.name, ARTIFACTS, around.inputs(ARTIFACTS)[source.name]).is_list
    if source.kind != OUTPUT or source.task not in around.tasks:
        return None
    task = around.task(source.task)
    component = scope.of_task(task)
    if task.is_loop or component is None or source.name not in component.outputs(ARTIFACTS):
        return True if task.is_loop else None
    return Declared(source.name, ARTIFACTS, component.outputs(ARTIFACTS)[source.name]).is_list


def _is_read_out_of_text(scope: Scope, around: Component, source: Source, taker: Declared) -> bool:
    """Whether the text that a step writes is to be a number or the like; the items of a loop are text to the IR."""
    if source.kind != OUTPUT or source.task not in around.tasks or taker.kind not in _READ:
        return False
    task = around.task(source.task)
    component = scope.of_task(task)
    is_step = component is not None and not component.is_dag
    return is_step and origin(scope, around, source, PARAMETERS) == "STRING"


def _outputs(scope: Scope, component: Component, path: KeyPath) -> None:
    """Whether what a DAG gives is of the type that it declares, whichever of several tasks gives it."""
    for group, name, selectors in component.given:
        if name not in component.outputs(group):
            continue
        declared = Declared(name, group, component.outputs(group)[name])
        for key, inner in selectors:
            if key in component.tasks:
                _given(scope, component.task(key), inner, declared, (*path, "dag", "outputs", group, name))


def _given(scope: Scope, task: Task, output: str, declared: Declared, at: KeyPath) -> None:
    kind = output_kind(scope, task, declared.group, output)
    if declared.is_artifact:
        wanted = declared.type.get("schemaTitle", "")
        if kind and wanted and kind != wanted and ANY_ARTIFACT not in (kind, wanted):
            scope.add("type", at, f"is an artifact of the type {wanted}, and {task.name} gives {kind}", kind, wanted)
    elif _differ(kind, declared.kind):
        message = f"is {WORDS.get(declared.kind, declared.kind)}, and {task.name} gives {WORDS.get(kind, kind)}"
        scope.add("type", at, message, kind, declared.kind)


def _differ(kind: str, wanted: str) -> bool:
    """Whether two known types differ; kfp calls a list already inside a loop what becomes one around it."""
    if not kind or not wanted or "LIST" in (kind, wanted):
        return False
    return not fits(kind, wanted) or (kind == "STRING") != (wanted == "STRING")
