"""Where parameters and artifacts come from: arguments, and what a template gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.lint.names import named
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

KINDS = ("parameters", "artifacts")
PLACES = ("s3", "gcs", "oss", "azure", "http", "git", "hdfs", "raw", "artifactory", "plugin")
_SOURCES = ("path", "jqFilter", "jsonPath", "parameter", "expression", "supplied")
_OF_ARGUMENTS = ("configMapKeyRef", "event", "supplied")
_OF_TYPE = {  # what an output parameter comes from, by what its template is
    **dict.fromkeys(("container", "containerSet", "script"), ("path",)),
    **dict.fromkeys(("steps", "dag"), ("parameter", "expression")),
    "resource": ("jqFilter", "jsonPath"),
}


def arguments(given: Object, path: KeyPath, needed: bool) -> Iterator[Problem]:
    """The problems of arguments; `needed` where each parameter has to have its value by now."""
    for key in KINDS:
        yield from named(given.get(key) or (), (*path, key), values=True)
    for at, each in enumerate(given.get("parameters") or ()):
        where, source = (*path, "parameters", at), each.get("valueFrom")
        if needed and each.get("value") is None and not source:
            yield Problem(where, "value", f"the parameter {each.get('name')} has no value", fix="add value: ...")
        if source and not any(source.get(key) is not None for key in _OF_ARGUMENTS):
            found, allowed = ", ".join(source), ", ".join(_OF_ARGUMENTS)
            yield Problem((*where, "valueFrom"), "source", "is no source of an argument", found, allowed)
    for at, each in enumerate(given.get("artifacts") or ()):
        if needed and not any(each.get(key) for key in (*PLACES, "from", "fromExpression")):
            message = f"the artifact {each.get('name')} comes from nowhere"
            yield Problem((*path, "artifacts", at), "source", message, fix="add from: ... or the place where it is")


def of_template(one: Object, path: KeyPath, kind: str) -> Iterator[Problem]:
    """The problems of what a template of a kind takes and gives."""
    for side in ("inputs", "outputs"):
        for key in KINDS:
            yield from named((one.get(side) or {}).get(key) or (), (*path, side, key), values=True)
    for at, each in enumerate((one.get("outputs") or {}).get("parameters") or ()):
        yield from _output(each, (*path, "outputs", "parameters", at), kind)


def _output(one: Object, path: KeyPath, kind: str) -> Iterator[Problem]:
    name, source = one.get("name"), one.get("valueFrom") or {}
    if one.get("value") is not None and not source:
        return
    said = [key for key in _SOURCES if source.get(key) not in (None, "")]
    allowed = _OF_TYPE.get(kind, ())
    if one.get("value") is not None or len(said) > 1:
        message, found = f"the output {name} has one source, not several", ", ".join((*said, "value"))
        yield Problem(path, "source", message, found, " or ".join(allowed), "keep one of them")
    elif not said:
        fix = f"add valueFrom: {{{allowed[0]}: ...}}" if allowed else "add valueFrom: ..."
        yield Problem(path, "source", f"the output {name} comes from nowhere", allowed=" or ".join(allowed), fix=fix)
    elif allowed and said[0] not in allowed:
        where, message = (*path, "valueFrom", said[0]), f"is no source of an output of a template with {kind}"
        yield Problem(where, "source", message, said[0], " or ".join(allowed))
