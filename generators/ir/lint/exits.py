"""Whether tasks that run after failures can: what they wait for, and what they are given of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.inventory.paths import KeyPath
from generators.ir.validate.scope import Scope
from generators.ir.view import Component, Source, Task
from generators.ir.view.source import OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

_HANDLED = re.compile(r"exit-handler-\d+")  # the group that kfp makes of a dsl.ExitHandler


def check(scope: Scope) -> None:
    """Add a problem for every exit task, and every handled group, that cannot do what it is there for."""
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            if task.runs_after_failure:
                _exit(scope, task, at)
            else:
                _status(scope, task, at)
            if _HANDLED.fullmatch(task.key):
                _handled(scope, component, task, at)


def _sources(task: Task) -> Iterator[tuple[str, str, Source]]:
    for group in (PARAMETERS, ARTIFACTS):
        for name, source in task.sources(group):
            yield group, name, source


def _exit(scope: Scope, task: Task, at: KeyPath) -> None:
    inner = scope.of_task(task)
    named = task.tree.get("dependentTasks", ())
    if not task.upstream:
        message = "it runs after what it waits for, failed or not, and waits for nothing"
        scope.warn("exit", at, message, fix="name what it waits for by .after(...)")
    optional = {declared.name for declared in inner.all_inputs if not declared.is_required} if inner else set()
    for group, name, source in _sources(task):
        if source.kind == STATUS and source.task not in named:  # KFP's compiler makes no dependency of it
            message = f"it is given the final status of {source.task}, and does not wait for it, so KFP never runs it"
            at_ = (*at, "inputs", group, name)
            scope.add("exit", at_, message, source.task, fix=f"name {source.task} under dependentTasks")
        if inner and source.kind == OUTPUT and name in inner.inputs(group) and name not in optional:
            message = f"it runs where {source.task} has failed too, and then has no value for {name}"
            scope.add("exit", (*at, "inputs", group, name), message, source.name, fix="give the input a default")


def _status(scope: Scope, task: Task, at: KeyPath) -> None:
    for group, name, source in _sources(task):
        if source.kind == STATUS:
            message = f"it is given the final status of {source.task}, and runs only where that has succeeded"
            fix = "make it the exit task of a dsl.ExitHandler, or call .ignore_upstream_failure()"
            scope.add("exit", (*at, "inputs", group, name), message, source.task, fix=fix)


def _handled(scope: Scope, around: Component, group: Task, at: KeyPath) -> None:
    """Whether anything runs after a handled group whatever becomes of it."""
    others = (around.task(key) for key in around.tasks)
    if not any(other.runs_after_failure and group.key in other.upstream for other in others):
        fix = "let the exit task depend on it, with the strategy ALL_UPSTREAM_TASKS_COMPLETED"
        scope.add("exit", at, "no exit task runs when this handled group has failed", group.key, fix=fix)
