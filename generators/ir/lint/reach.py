"""Which steps can never run: under conditions that contradict each other, or in a loop over nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.ir import graph
from generators.ir.lint.possible import Bound, Value, possible
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.values import integers, kind_of, select, strict_json
from generators.ir.view import Component, Source, Task, placeholders
from generators.ir.view.source import INPUT, OUTPUT
from generators.ir.view.tree import PARAMETERS

Values = Mapping[str, Value]


def check(scope: Scope) -> None:
    """Add a problem for every step that no run reaches, at the condition or the loop that is the reason."""
    walk = _Walk(scope)
    root = scope.pipeline.root
    values = {
        name: Value(("root", name), kind_of(tree), _literals(tree)) for name, tree in root.inputs(PARAMETERS).items()
    }
    walk.component(("root",), root, values, (), ())
    for at, (words, key, found) in walk.never.items():
        if at not in walk.reached:
            scope.add("never", at, words, found, fix=f"correct it, or remove {key}")


def _literals(tree: Mapping[str, Any]) -> tuple[Any, ...] | None:
    return tuple(integers(tree["literals"])) if tree.get("literals") else None


@dataclass
class _Walk:
    """Every task in every place that it is used in; a task of a component that is used twice may run in one of them."""

    scope: Scope
    never: dict[KeyPath, tuple[str, str, str]] = field(default_factory=dict)
    reached: set[KeyPath] = field(default_factory=set)

    def component(
        self, path: KeyPath, component: Component, values: Values, around: tuple[Bound, ...], place: tuple[str, ...]
    ) -> None:
        """Judge the tasks of a DAG whose inputs are `values`, which runs where the conditions `around` it hold."""
        tasks = {key: (at, component.task(key)) for key, (at, _) in self._tasks(component, path).items()}
        for key in graph.dependencies(component.tasks):
            at, task = tasks[key]
            given = {name: _value(source, values, place, key) for name, source in task.sources(PARAMETERS)}
            bound = around
            if task.condition:
                here = (*at, "triggerPolicy", "condition")
                bound = (*around, Bound(task.condition, tuple(sorted(given.items(), key=lambda item: item[0]))))
                if not possible(bound):
                    self._never(here, component, task, "is false in every run", task.condition)
                    continue
                self.reached.add(here)
            if self._is_empty(component, task, at, given):
                continue
            self._inside(task, given, bound, (*place, key))

    def _tasks(self, component: Component, path: KeyPath) -> dict[str, tuple[KeyPath, Task]]:
        return {task.key: (at, task) for at, task in self.scope.tasks(component, path)}

    def _is_empty(self, component: Component, task: Task, at: KeyPath, given: Values) -> bool:
        """Whether a task is a loop over a list that has no items in any run."""
        if not (loop := task.loop) or loop.group != PARAMETERS:
            return False
        known = (strict_json(loop.raw),) if loop.raw is not None else given.get(loop.over, Value(())).among
        here = (*at, "parameterIterator", "items")
        if known and all(item == [] for item in known):
            self._never(here, component, task, "has no items in any run", "[]")
            return True
        self.reached.add(here)
        return False

    def _never(self, at: KeyPath, component: Component, task: Task, why: str, found: str) -> None:
        edges = {key: set(upstream) for key, upstream in graph.dependencies(component.tasks).items()}
        waiting = [
            key
            for key in edges
            if task.key in graph.ancestors(component.tasks, key) and not component.task(key).runs_after_failure
        ]
        names = (component.task(key).name for key in waiting)
        also = f", nor does what waits for it: {', '.join(names)}" if waiting else ""
        what = "loop" if at[-1] == "items" else "condition"
        self.never.setdefault(at, (f"{task.name} never runs{also}: its {what} {why}", task.name, found))

    def _inside(self, task: Task, given: dict[str, Value], bound: tuple[Bound, ...], place: tuple[str, ...]) -> None:
        inner = self.scope.of_task(task)
        if inner is None or not inner.is_dag:
            return
        values = {
            name: given.get(name) or _default(tree, (*place, name)) for name, tree in inner.inputs(PARAMETERS).items()
        }
        if (loop := task.loop) and loop.item in values:
            items = _items(task, given)
            values[loop.item] = Value((*place, loop.item), values[loop.item].kind, items)
        self.component(("components", task.component), inner, values, bound, place)


def _default(tree: Mapping[str, Any], origin: tuple[Any, ...]) -> Value:
    if "defaultValue" in tree:
        return Value(origin, kind_of(tree), (integers(tree["defaultValue"]),))
    return Value(origin)


def _items(task: Task, given: Values) -> tuple[Any, ...] | None:
    """The items of a task's loop where they are constants."""
    loop = task.loop
    lists = (strict_json(loop.raw),) if loop.raw is not None else given.get(loop.over, Value(())).among
    if not lists or not all(isinstance(each, list) for each in lists):
        return None
    items = integers([item for each in lists for item in each])
    return None if any(placeholders.inside(item) for item in items) else tuple(items)


def _value(source: Source, values: Values, place: tuple[str, ...], key: str) -> Value:
    if source.is_constant:
        known = source.value is not None and not placeholders.inside(source.value)
        value = Value(
            (
                "constant",
                shown(
                    source.value,
                ),
            ),
            "",
            (integers(source.value),) if known else None,
        )
    elif source.kind == INPUT:
        value = values.get(source.name, Value(("input", place, source.name)))
    elif source.kind == OUTPUT:
        value = Value((place, source.task, source.name))
    else:
        value = Value((place, key, "status"))
    return _selected(value, source.selector) if source.selector else value


def _selected(value: Value, selector: str) -> Value:
    origin = (value.origin, selector)
    try:
        return (
            Value(origin, "", tuple(select(selector, each) for each in value.among)) if value.among else Value(origin)
        )
    except GraftError:
        return Value(origin)
