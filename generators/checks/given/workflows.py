"""What Argo Workflows' controller has against objects that a person hands over, where their shape is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.checks.given.contents import Given
from generators.engines.argo.lint import KINDS, problems
from generators.model import Finding

Object = Mapping[str, Any]
Templates = Mapping[tuple[str, str], Object]

_GROUP = "argoproj.io/"
_TEMPLATES = ("WorkflowTemplate", "ClusterWorkflowTemplate")


def templates(objects: Iterable[Object]) -> Templates:
    """The specs that others may name, by kind and name; not of what two objects are called."""
    found: dict[tuple[str, str], Object] = {}
    twice = set()
    for each in objects:
        if each["kind"] in _TEMPLATES and each["apiVersion"].startswith(_GROUP):
            key = (each["kind"], str((each.get("metadata") or {}).get("name")))
            if key in found:
                twice.add(key)
            found[key] = each.get("spec") or {}
    return {key: spec for key, spec in found.items() if key not in twice}


def findings(obj: Given, known: Templates) -> Iterator[Finding]:
    """The findings of one object; none of a kind that is not Argo's."""
    api_version, kind = obj.kind
    if kind in KINDS and api_version.startswith(_GROUP):
        for problem in problems(obj.content, lambda kind, name: known.get((kind, name))):
            yield problem.at(obj.place(problem.path))
