"""What Argo Workflows' controller has against objects that a person hands over, where their shape is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.checks.given.contents import Given
from generators.engines.argo.lint import KINDS, problems
from generators.inventory.paths import KeyPath
from generators.model import Finding

Object = Mapping[str, Any]
Templates = Mapping[tuple[str, str], Object | None]

_GROUP = "argoproj.io/"
_REFERENCES = ("templateRef", "workflowTemplateRef")
_GIVE = "name the file that has it too"
_TEMPLATES = ("WorkflowTemplate", "ClusterWorkflowTemplate")


def templates(objects: Iterable[Object]) -> Templates:
    """The specs that others may name, by kind and name; None for what two objects are called."""
    found: dict[tuple[str, str], Object | None] = {}
    for each in objects:
        if each["kind"] in _TEMPLATES and each["apiVersion"].startswith(_GROUP):
            key = (each["kind"], str((each.get("metadata") or {}).get("name")))
            found[key] = None if key in found else each.get("spec") or {}
    return found


def findings(obj: Given, known: Templates) -> Iterator[Finding]:
    """The findings of one object; none of a kind that is not Argo's."""
    api_version, kind = obj.kind
    if kind in KINDS and api_version.startswith(_GROUP):
        for problem in problems(obj.content, lambda kind, name: known.get((kind, name))):
            yield problem.at(obj.place(problem.path))


def unseen(obj: Given, known: Templates) -> Iterator[Finding]:
    """That what an object runs of others, which no file holds, was not looked at."""
    api_version, kind = obj.kind
    if kind in KINDS and api_version.startswith(_GROUP):
        for path, kind, name in _named(obj.content, ()):
            if (kind, name) not in known and "{{" not in name:
                message = f"{kind} {name} is in none of the files, so what of it runs here was not looked at"
                yield Finding("unchecked", "schema", "reference", obj.place(path), "", message, name, fix=_GIVE)


def _named(tree: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str, str]]:
    """(path, kind, name) of each object whose templates run here."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key in _REFERENCES and isinstance(value, Mapping):
                kind = "ClusterWorkflowTemplate" if value.get("clusterScope") else "WorkflowTemplate"
                yield (*path, key), kind, str(value.get("name") or "")
            yield from _named(value, (*path, key))
    elif isinstance(tree, list):
        for at, value in enumerate(tree):
            yield from _named(value, (*path, at))
