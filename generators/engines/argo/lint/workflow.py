"""The values of a workflow as a whole, `{{workflow...}}`, which no template gives by itself.

Source: pkg/apis and util/variables/keys of https://github.com/argoproj/argo-workflows (v4.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.lint.names import is_variable, unknown
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

_NAMES = (
    "annotations", "creationTimestamp", "duration", "failures", "labels", "mainEntrypoint", "name", "namespace",
    "outputs", "parameters", "priority", "scheduledTime", "serviceAccountName", "status", "uid",
)  # fmt: skip
_EVERYTHING = "json"


@dataclass(frozen=True)
class Workflow:
    """What is known of them: its parameters, what its templates give to all of it, and whether something ends it.

    None where a run, or another object, may bring more.
    """

    parameters: frozenset[str] | None
    outputs: Mapping[str, frozenset[str]] | None
    has_end: bool

    @classmethod
    def of(cls, spec: Object, runs: bool) -> Workflow:
        """That of a whole spec."""
        known = frozenset(names(spec.get("arguments"), "parameters")) if runs else None
        ends = not runs or bool(spec.get("onExit") or (spec.get("hooks") or {}).get("exit"))
        return cls(known, _given(spec) if runs else None, ends)

    def problems(self, tag: str, path: KeyPath) -> Iterator[Problem]:
        """The problem of a tag, without its braces, that begins with `workflow.`."""
        first, _, rest = tag.removeprefix("workflow.").partition(".")
        kind, _, name = rest.partition(".")
        if not first.startswith("creationTimestamp") and first not in _NAMES:
            found = unknown("value", first, _NAMES, path, "variable")
            yield _problem(tag, "a workflow has no value of that name", path, found.allowed, found.fix)
        elif first == "failures" and not self.has_end:
            message = "is known once the workflow has ended, and no template runs then"
            yield _problem(tag, message, path, fix="name the template that uses it as onExit")
        elif first == "parameters" and rest and self.parameters is not None:
            if rest not in self.parameters and rest != _EVERYTHING:
                found = unknown("parameter of the workflow", rest, self.parameters, path, "variable")
                yield _problem(tag, found.message, path, found.allowed, found.fix)
        elif first == "outputs" and name and self.outputs is not None and name not in self.outputs.get(kind, name):
            found = unknown("globalName", name, self.outputs[kind], path, "variable")
            article = "an artifact" if kind == "artifacts" else "a parameter"
            yield _problem(tag, f"no template gives {article} of that globalName", path, found.allowed, found.fix)


def names(values: Object | None, kind: str) -> set[str]:
    """The names of parameters or artifacts."""
    return {str(each.get("name")) for each in (values or {}).get(kind) or ()}


def _given(spec: Object) -> Mapping[str, frozenset[str]] | None:
    """What templates give to the whole workflow, by kind; None where others may, or the name is a variable."""
    found = {
        kind: {
            str(each["globalName"])
            for template in spec.get("templates") or ()
            for each in (template.get("outputs") or {}).get(kind) or ()
            if each.get("globalName")
        }
        for kind in ("parameters", "artifacts")
    }
    if _calls_others(spec) or any(is_variable(name) for each in found.values() for name in each):
        return None
    return {kind: frozenset(each) for kind, each in found.items()}


def _calls_others(tree: Any) -> bool:
    """Whether anything runs what another object defines, or stands where its outputs are not looked for."""
    if isinstance(tree, Mapping):
        return any(key in ("templateRef", "inline", "plugin") or _calls_others(each) for key, each in tree.items())
    return isinstance(tree, list) and any(map(_calls_others, tree))


def _problem(tag: str, message: str, path: KeyPath, allowed: str = "", fix: str = "") -> Problem:
    return Problem(path, "variable", message, f"{{{{{tag}}}}}", allowed, fix)
