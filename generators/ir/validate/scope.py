"""What the checks of a graph go by: the sound part of a pipeline, and where something of it has been taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import Problem, name_of
from generators.ir.view import Component, Pipeline, Task


@dataclass(frozen=True)
class Scope:
    """A pipeline whose form is sound; `damaged` are the paths at and above which something was taken away."""

    pipeline: Pipeline
    damaged: frozenset[KeyPath] = frozenset()
    found: list[Problem] = field(default_factory=list)

    def add(self, rule: str, path: KeyPath, message: str, found: str = "", allowed: str = "", fix: str = "") -> None:
        self.found.append(Problem(rule, path, message, found, allowed, fix))

    def warn(self, rule: str, path: KeyPath, message: str, found: str = "", fix: str = "") -> None:
        self.found.append(Problem(rule, path, message, found, "", fix, "warning"))

    def intact(self, *path: str | int) -> bool:
        """Whether all is there that was written at a path, so that what is missing was never there."""
        return path not in self.damaged

    @property
    def components(self) -> Iterator[tuple[KeyPath, Component]]:
        """Every component with its path, the root first, whether a task runs it or not."""
        yield ("root",), self.pipeline.root
        for name, tree in self.pipeline.components.items():
            yield ("components", name), Component(tree)

    def tasks(self, component: Component, path: KeyPath) -> Iterator[tuple[KeyPath, Task]]:
        """The tasks of a component's DAG with their paths."""
        for key, tree in component.tasks.items():
            yield (*path, "dag", "tasks", key), Task(key, tree)

    def of_task(self, task: Task) -> Component | None:
        """The component that a task runs, None where there is none."""
        tree = self.pipeline.components.get(task.component)
        return None if tree is None else Component(tree)


def around(problems: Iterable[Problem]) -> frozenset[KeyPath]:
    """The paths at and above the problems."""
    return frozenset(each.path[:length] for each in problems for length in range(len(each.path) + 1))


def without(document: Any, paths: Iterable[KeyPath]) -> Any:
    """A copy of a document without what stands at the paths, as far as they lead into it."""
    inner: dict[Any, list[KeyPath]] = {}
    for path in paths:
        if not path:
            return None
        inner.setdefault(path[0], []).append(path[1:])
    if isinstance(document, dict):
        return {
            key: without(item, inner[name]) if name in inner else item
            for key, item in document.items()
            if () not in inner.get(name := name_of(key), ())
        }
    if isinstance(document, list):
        return [
            without(item, inner[index]) if index in inner else item
            for index, item in enumerate(document)
            if () not in inner.get(index, ())
        ]
    return document
