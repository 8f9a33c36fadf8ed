"""Whether every rendered object is one that an API server would take.

Kubernetes' own kinds are held against the schemas that kubernetes-validate bundles, at its newest version; Argo
Workflows' against hera's models; others against `schemas/objects/<kind>.schema.json`. A kind without any of them is not
skipped: it is reported as not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.inventory.paths import KeyPath, format_path
from generators.inventory.schema import Problem, validator
from generators.model import Finding, Place

Objects = Mapping[str, Iterable[dict[str, Any]]]


class Unchecked(Exception):
    """There is no schema for a kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def check(files: Objects, schemas: Mapping[str, dict[str, Any]]) -> list[Finding]:
    """The findings of rendered files, each a path and its objects; `schemas` are those of kinds of other projects.

    A document without a kind is no object: it is the IR, which the `local` engine reads.
    """
    known = {kind: validator(schema) for kind, schema in schemas.items()}
    findings = []
    for file, objects in files.items():
        for obj in objects:
            if "kind" in obj:
                findings += _findings(file, obj, known)
    return findings


def _findings(file: str, obj: dict[str, Any], known: Mapping[str, Any]) -> list[Finding]:
    try:
        problems = _problems(obj, known)
    except Unchecked as unchecked:
        message = f"there is no schema for {unchecked.kind}, so this object was not checked"
        fix = f"add schemas/objects/{unchecked.kind}.schema.json"
        return [Finding("unchecked", "schema", unchecked.kind, Place(file), "", message, fix=fix)]
    return [
        Finding("invalid", "schema", problem.rule, Place(file), format_path(problem.path), problem.message,
                problem.found, problem.allowed, problem.fix)
        for problem in problems
    ]  # fmt: skip


def _problems(obj: dict[str, Any], known: Mapping[str, Any]) -> list[Problem]:
    if obj["apiVersion"].startswith("argoproj.io/"):
        return _argo_problems(obj)
    return known[obj["kind"]](obj) if obj["kind"] in known else _kubernetes_problems(obj)


def _argo_problems(obj: dict[str, Any]) -> list[Problem]:
    from hera.workflows import models  # half a second, which only a check pays
    from pydantic import ValidationError

    model = getattr(models, obj["kind"], None)
    if model is None:
        raise Unchecked(obj["kind"])
    try:
        read = model.model_validate(obj).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError as error:
        return [
            Problem(tuple(found["loc"]), found["type"], found["msg"], str(found["input"])) for found in error.errors()
        ]
    return [Problem(path, "unknown-key", "unknown field", str(path[-1])) for path in _lost(obj, read)]


def _lost(written: Any, read: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of a document that are not in what a model read of it: hera's models pass over unknown fields."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            yield from _lost(value, read[key], (*path, key)) if key in read else [(*path, key)]
    elif isinstance(written, list) and isinstance(read, list):
        for at, (value, other) in enumerate(zip(written, read, strict=False)):
            yield from _lost(value, other, (*path, at))


def _kubernetes_problems(obj: dict[str, Any]) -> list[Problem]:
    import kubernetes_validate  # a quarter of a second, which only a check pays

    try:
        kubernetes_validate.validate(obj, kubernetes_validate.latest_version(), strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        raise Unchecked(obj["kind"]) from None
    except kubernetes_validate.ValidationError as error:
        return [Problem(tuple(error.absolute_path), str(error.validator), error.message)]
    return []
