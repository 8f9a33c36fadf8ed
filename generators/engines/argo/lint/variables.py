"""What stands in `{{...}}`: that there is such a value where it is used.

A tag of other words than Argo's stays as it is when a workflow runs, and an expression (`{{=...}}`) is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.lint.calls import Templates
from generators.engines.argo.lint.graph import ancestors
from generators.engines.argo.lint.names import unknown
from generators.engines.argo.lint.workflow import Workflow, names
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

_TAG = re.compile(r"\{\{\s*([^={}\s][^{}]*)\}\}")
_OPEN = re.compile(r"\{\{\s*(?:item|steps|inputs|outputs|pod|workflow|tasks)\.(?:(?!\}\}).)*", re.DOTALL)
Items = frozenset[str] | None  # the keys of a loop's items, none where there is no loop; None where any may be there


@dataclass(frozen=True)
class Scope:
    """Where values come from: the workflow as a whole, and the templates.

    `names` are the steps or the tasks of the template that is looked at, `tasks` the latter by their names.
    """

    workflow: Workflow
    templates: Templates
    names: Mapping[str, Object]
    inputs: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, spec: Object, templates: Templates, runs: bool) -> Scope:
        """That of a whole spec."""
        return cls(Workflow.of(spec, runs), templates, {}, _inputs(spec.get("templateDefaults") or {}))

    def within(self, template: Object) -> Scope:
        """That of a template."""
        every = [step for group in template.get("steps") or () for step in group or ()]
        every += (template.get("dag") or {}).get("tasks") or ()
        inputs = {key: self.inputs[key] | names for key, names in _inputs(template).items()}
        return Scope(self.workflow, self.templates, {each.get("name") or "": each for each in every}, inputs)

    def problems(self, template: Object, path: KeyPath) -> Iterator[Problem]:
        """The problems of all tags in a template, but for those in a template inside of it."""
        reached: set[str] = set()
        for key, value in template.items():
            if key == "steps":
                yield from self._steps(value or (), (*path, key), reached)
            elif key == "dag":
                yield from self._tasks((value or {}).get("tasks") or (), (*path, key, "tasks"))
                yield from self._tags((value or {}).get("target"), (*path, key, "target"), set())
            else:
                yield from self._tags(value, (*path, key), set(self.names))

    def _steps(self, groups: Any, path: KeyPath, reached: set[str]) -> Iterator[Problem]:
        for at, group in enumerate(groups):
            here = {step.get("name") or "" for step in group or ()}
            for place, step in enumerate(group or ()):
                yield from self._call(
                    step, (*path, at, place), reached | {step.get("name") or ""}, "a step before this one"
                )
            reached |= here

    def _tasks(self, tasks: Any, path: KeyPath) -> Iterator[Problem]:
        for at, task in enumerate(tasks):
            name = task.get("name") or ""
            ended = ancestors(self.names, name)
            yield from self._call(task, (*path, at), ended | {name}, "a task that this one waits for")

    def _call(self, call: Object, path: KeyPath, ended: set[str], what: str) -> Iterator[Problem]:
        items = _items(call)
        for key, value in call.items():
            if key not in ("inline", "hooks"):
                yield from self._tags(value, (*path, key), ended, what, items)

    def _tags(
        self, value: Any, path: KeyPath, ended: set[str], what: str = "step or task here", items: Items = frozenset()
    ) -> Iterator[Problem]:
        if isinstance(value, Mapping | list):
            for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
                yield from self._tags(item, (*path, key), ended, what, items)
        elif isinstance(value, str):
            for tag in dict.fromkeys(map(str.rstrip, _TAG.findall(value))):
                yield from self._tag(tag, path, ended, what, items)
            last = value.rfind("{{")
            if last >= 0 and (match := _OPEN.fullmatch(value, last)):
                yield Problem(path, "variable", "a tag has no end", match[0].partition("\n")[0], fix="close it: }}")

    def _tag(self, tag: str, path: KeyPath, ended: set[str], what: str, items: Items) -> Iterator[Problem]:
        first, _, rest = tag.partition(".")
        kind, _, name = rest.partition(".")
        if first == "inputs" and kind in ("parameters", "artifacts") and name:
            name = name if kind == "parameters" else name.removesuffix(".path")
            if name not in self.inputs[kind]:
                word = kind.removesuffix("s")
                yield self._unknown(f"input {word}", tag, name, self.inputs[kind], path)
        elif first == "workflow" and rest:
            yield from self.workflow.problems(tag, path)
        elif first == "item" and rest and items is not None and rest not in items:
            if items:
                yield self._unknown("key of the items", tag, rest, items, path)
            else:
                message = "there is no item here, for there is no loop"
                yield Problem(path, "variable", message, f"{{{{{tag}}}}}", fix="add withItems, or hand the item over")
        elif first in ("steps", "tasks") and "." in rest:
            yield from self._of_node(tag, kind, name, path, ended, what)

    def _of_node(self, tag: str, node: str, rest: str, path: KeyPath, ended: set[str], what: str) -> Iterator[Problem]:
        if node not in ended:
            if node in self.names:
                message = f"{node} need not have ended before this: it is not {what}"
                fix = f"add {node} to depends" if what.startswith("a task") else "put it into an earlier group of steps"
                yield Problem(path, "variable", message, f"{{{{{tag}}}}}", fix=fix)
            else:
                yield self._unknown("step or task", tag, node, set(self.names), path)
            return
        _, _, output = rest.partition("outputs.")
        kind, _, name = output.partition(".")
        wanted = self.templates.called(self.names.get(node) or {})
        if wanted is None or kind not in ("parameters", "artifacts") or not name:
            return
        known = names(wanted.get("outputs"), kind)
        if name not in known:
            yield self._unknown(f"output {kind.removesuffix('s')} of {node}", tag, name, known, path)

    def _unknown(self, what: str, tag: str, name: str, known: Any, path: KeyPath) -> Problem:
        found = unknown(what, name, known, path, "variable")
        return Problem(path, "variable", found.message, f"{{{{{tag}}}}}", found.allowed, found.fix)


def _inputs(template: Object) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(names(template.get("inputs"), key)) for key in ("parameters", "artifacts")}


def _items(call: Object) -> Items:
    """What the items of a step's or a task's loop have, as far as they stand here."""
    items = call.get("withItems")
    if items and all(isinstance(each, Mapping) for each in items):
        return frozenset(str(key) for each in items for key in each)
    return None if any(call.get(key) for key in ("withItems", "withParam", "withSequence")) else frozenset()
