"""What the tasks of a DAG wait for: that it is there, and that no task waits for itself.

Source: workflow/common/ancestry.go of https://github.com/argoproj/argo-workflows (v4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.lint.names import is_variable, unknown
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

_TASK = re.compile(r"([a-zA-Z0-9][-a-zA-Z0-9]*)(?:\.([A-Z][a-zA-Z]+))?")
_RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed")
_OF_ITEMS = ("AnySucceeded", "AllFailed")


def waits(task: Object) -> list[tuple[str, str]]:
    """The tasks that a task waits for, each with the result that it has to have, "" for any of the usual ones."""
    named = [(name, "") for name in task.get("dependencies") or ()]
    return named or [(match[1], match[2] or "") for match in _TASK.finditer(task.get("depends") or "")]


def ancestors(tasks: Mapping[str, Object], name: str) -> set[str]:
    """All that has ended when a task begins."""
    found: set[str] = set()
    open_ = [each for each, _ in waits(tasks.get(name) or {})]
    while open_:
        each = open_.pop()
        if each not in found:
            found.add(each)
            open_ += [other for other, _ in waits(tasks.get(each) or {})]
    return found


def graph(dag: Object, path: KeyPath) -> Iterator[Problem]:
    """The problems of what tasks wait for, and of the targets."""
    every = dag.get("tasks") or []
    tasks = {each.get("name") or "": each for each in every}
    both = {key for each in every for key in ("depends", "dependencies") if each.get(key)}
    for at, task in enumerate(every):
        yield from _of_task(task, (*path, "tasks", at), tasks, both)
    for name in (dag.get("target") or "").split():
        if name not in tasks and not is_variable(dag["target"]):
            yield unknown("task", name, tasks, (*path, "target"), "task")


def _of_task(task: Object, path: KeyPath, tasks: Mapping[str, Object], both: set[str]) -> Iterator[Problem]:
    key = "dependencies" if task.get("dependencies") else "depends"
    name = task.get("name") or ""
    if len(both) > 1 and task.get("dependencies"):
        message = "depends and dependencies do not go together in one DAG"
        yield Problem((*path, key), "several", message, fix="write all of them as depends")
    if "depends" in both and task.get("continueOn"):
        message = "does not go together with depends"
        fix = "write it as depends, such as first.Succeeded || first.Failed"
        yield Problem((*path, "continueOn"), "several", message, fix=fix)
    if both and name[:1].isdigit():
        message = "the name of a task that others may wait for does not begin with a digit"
        yield Problem((*path, "name"), "form", message, name, fix=f"for example task-{name}")
    for wanted, result in waits(task):
        if wanted not in tasks:
            yield unknown("task", wanted, tasks, (*path, key), "task")
        elif result and result not in _RESULTS:
            yield unknown("result of a task", result, _RESULTS, (*path, key), "result")
        elif result in _OF_ITEMS and not any(
            tasks[wanted].get(each) for each in ("withItems", "withParam", "withSequence")
        ):
            message = f"{result} is about all rounds of a loop, and {wanted} has none"
            yield Problem((*path, key), "result", message, f"{wanted}.{result}", fix=f"write {wanted}.Succeeded")
    way = _cycle(tasks, name) if name in ancestors(tasks, name) else []
    if way and name == next(each for each in tasks if each in way):  # each cycle once
        found = " -> ".join(way)
        yield Problem((*path, key), "cycle", f"{name} waits for itself", found, fix="remove one of these")


def _cycle(tasks: Mapping[str, Object], name: str) -> list[str]:
    """A way from a task back to it."""
    ways = [[name]]
    seen = {name}
    while ways:
        way = ways.pop(0)
        for each, _ in waits(tasks.get(way[-1]) or {}):
            if each == name:
                return [*way, name]
            if each not in seen:
                seen.add(each)
                ways.append([*way, each])
    return [name]
