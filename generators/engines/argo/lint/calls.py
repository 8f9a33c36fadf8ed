"""What a step or a task runs, and whether it is given what that needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.lint.conditions import condition
from generators.engines.argo.lint.names import is_variable, unknown
from generators.engines.argo.lint.values import PLACES, arguments
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.suggestions import nearest

Object = Mapping[str, Any]

_LOOPS = ("withItems", "withParam", "withSequence")


@dataclass(frozen=True)
class Templates:
    """The templates that a spec has, by their names, what it says for all of them, and those of others, where known."""

    own: Mapping[str, Object]
    find: Callable[[str, str], Object | None]
    defaults: Object

    @classmethod
    def of(cls, spec: Object, find: Callable[[str, str], Object | None]) -> Templates:
        own = {each["name"]: each for each in spec.get("templates") or () if each.get("name")}
        return cls(own, find, spec.get("templateDefaults") or {})

    def called(self, call: Object) -> Object | None:
        """The template that a step, a task or a hook runs; None where it is not known."""
        if call.get("inline"):
            return call["inline"]
        if reference := call.get("templateRef"):
            return (self.elsewhere(reference) or {}).get(reference.get("template") or "")
        return self.own.get(call.get("template") or "")

    def elsewhere(self, reference: Object) -> Mapping[str, Object] | None:
        """The templates of what a templateRef names; None where that is not known."""
        kind = "ClusterWorkflowTemplate" if reference.get("clusterScope") else "WorkflowTemplate"
        spec = self.find(kind, reference.get("name") or "")
        return None if spec is None else {each.get("name"): each for each in spec.get("templates") or ()}


def call(one: Object, path: KeyPath, templates: Templates) -> Iterator[Problem]:
    """The problems of a step or a task by itself."""
    yield from _target(one, path, templates)
    yield from _loop(one, path)
    yield from condition(one, path)
    given = one.get("arguments") or {}
    yield from arguments(given, (*path, "arguments"), needed=True)
    wanted = templates.called(one)
    if wanted is not None:
        yield from called(wanted, given, (*path, "arguments"))
    for name, hook in (one.get("hooks") or {}).items():
        yield from _target(hook or {}, (*path, "hooks", name), templates)
        if name != "exit" and not (hook or {}).get("expression"):
            message = "a hook other than exit says when it runs"
            yield Problem((*path, "hooks", name), "missing-key", message, fix="add expression: ...")


def _target(one: Object, path: KeyPath, templates: Templates) -> Iterator[Problem]:
    said = [key for key in ("template", "templateRef", "inline") if one.get(key)]
    if len(said) != 1:
        message = "names one template to run" if not said else "names one template to run, not several"
        yield Problem(path, "template", message, ", ".join(said), "template, templateRef or inline", "keep one of them")
        return
    name = one.get("template") or ""
    if name and name not in templates.own and not is_variable(name):
        yield unknown("template", name, templates.own, (*path, "template"), "template", "add it under templates")
    reference = one.get("templateRef") or {}
    known = templates.elsewhere(reference) if reference else None
    name = reference.get("template") or ""
    if known is not None and name not in known and not is_variable(name):
        where = (*path, "templateRef", "template")
        yield unknown(f"template in {reference.get('name')}", name, filter(None, known), where, "template")


def _loop(one: Object, path: KeyPath) -> Iterator[Problem]:
    said = [key for key in _LOOPS if one.get(key)]
    if len(said) > 1:
        yield Problem(path, "loop", "has one loop, not several", ", ".join(said), fix="keep one of them")
    sequence = one.get("withSequence") or {}
    if sequence.get("count") is not None and sequence.get("end") is not None:
        where = (*path, "withSequence")
        yield Problem(where, "loop", "has a count or an end, not both", "count, end", fix="keep one of them")
    items = one.get("withParam")
    if items and not is_variable(items) and not _is_list(items):
        yield Problem((*path, "withParam"), "loop", "is not a list in JSON", items, fix='for example ["a", "b"]')


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False


def called(template: Object, handed: Object, path: KeyPath) -> Iterator[Problem]:
    """The inputs of a template that nothing is given for."""
    inputs = template.get("inputs") or {}
    given = {each.get("name") for each in handed.get("parameters") or ()}
    for each in inputs.get("parameters") or ():
        name = each.get("name")
        if name not in given and all(each.get(key) is None for key in ("default", "value", "valueFrom")):
            yield _missing("parameter", name, template, given, (*path, "parameters"))
    given = {each.get("name") for each in handed.get("artifacts") or ()}
    for each in inputs.get("artifacts") or ():
        has = each.get("optional") or any(each.get(key) for key in (*PLACES, "from", "fromExpression"))
        if each.get("name") not in given and not has:
            yield _missing("artifact", each.get("name"), template, given, (*path, "artifacts"))


def _missing(what: str, name: Any, template: Object, given: Any, path: KeyPath) -> Problem:
    called = template.get("name") or "the template here"
    message = f"the {what} {name} of {called} is missing, which has no default"
    named = sorted(filter(None, given))
    near = nearest(str(name), named)
    fix = f"write {name} in place of {near}" if near else f"add name: {name}"
    return Problem(path, "missing-argument", message, ", ".join(named) or "none", fix=fix)
