"""One template: what it is, what it takes and gives, and the steps or tasks in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.lint.calls import Templates, call
from generators.engines.argo.lint.graph import graph
from generators.engines.argo.lint.names import named
from generators.engines.argo.lint.pods import of_kind
from generators.engines.argo.lint.values import of_template
from generators.engines.argo.lint.variables import Scope
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

TYPES = ("container", "containerSet", "steps", "script", "resource", "dag", "suspend", "data", "http", "plugin")


def template(one: Object, path: KeyPath, templates: Templates, scope: Scope | None) -> Iterator[Problem]:
    """The problems of a template, and of those that stand inside of it; without a scope not of what is in `{{...}}`."""
    kinds = [key for key in TYPES if one.get(key) is not None]
    if len(kinds) > 1:
        message, allowed = "a template is one thing, not several", ", ".join(TYPES)
        yield Problem(path, "several", message, ", ".join(kinds), allowed, "keep one of them")
        return
    kind = kinds[0] if kinds else ""
    yield from of_template(one, path, kind)
    yield from of_kind(one, path, kind, templates.defaults)
    for where, each in calls(one, path):
        yield from call(each, where, templates)
        if each.get("inline"):
            yield from template(each["inline"], (*where, "inline"), templates, None)  # it sees more
    if kind == "steps":
        every = [step for group in one["steps"] or () for step in group or ()]
        yield from _steps(one["steps"] or (), every, path)
    if kind == "dag":
        yield from named(one["dag"].get("tasks") or (), (*path, "dag", "tasks"))
        yield from graph(one["dag"], (*path, "dag"))
    if scope is not None:
        yield from scope.within(one).problems(one, path)


def calls(one: Object, path: KeyPath) -> Iterator[tuple[KeyPath, Object]]:
    """The steps or the tasks of a template, with their places."""
    for at, group in enumerate(one.get("steps") or ()):
        for place, step in enumerate(group or ()):
            yield (*path, "steps", at, place), step
    for at, task in enumerate((one.get("dag") or {}).get("tasks") or ()):
        yield (*path, "dag", "tasks", at), task


def _steps(groups: Any, every: list[Object], path: KeyPath) -> Iterator[Problem]:
    """Names of steps are told apart in all groups together."""
    places = [(at, place) for at, group in enumerate(groups) for place, _ in enumerate(group or ())]
    for problem in named(every, ()):
        at, *rest = problem.path
        yield Problem((*path, "steps", *places[int(at)], *rest), problem.rule, problem.message, problem.found,
                      problem.allowed, problem.fix)  # fmt: skip
