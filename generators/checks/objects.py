"""Whether every rendered object is one that an API server would take, and one that this repository renders.

A kind without a schema is not skipped: it is reported as not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from generators.checks import schemas
from generators.checks.rules import UNCHECKED
from generators.checks.schemas import ENDING, OBJECTS, Schemas, name_of
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.model import Finding, Place


def load_inputs(repository: Repository, cache: Cache) -> str:
    """The schemas of kinds that are not Kubernetes' own, as one JSON text."""
    return schemas.load(repository, cache)


def check_objects(rendered: RenderedUnit, inputs: str) -> Iterator[Finding]:
    """The findings of the objects in a unit's files; a document without a kind is the IR, which `local` reads."""
    for file, objects in rendered.files.items():
        for obj in objects:
            if "kind" in obj:
                yield from findings(file, obj, _known(inputs))


def findings(file: str, obj: dict[str, Any], known: Schemas) -> Iterator[Finding]:
    """The findings of an object that is rendered into a file."""
    kind, api_version = obj["kind"], obj.get("apiVersion", "")
    check = known.check(kind, api_version, rendered=True)
    if check is None:
        yield unknown(kind, api_version, Place(file))
        return
    yield from (problem.at(Place(file), verdict(problem)) for problem in check(obj))


def verdict(problem: Problem) -> str:
    """The verdict of a problem: a rule that could not be asked has not been broken."""
    return "unchecked" if problem.rule == UNCHECKED else "invalid"


def unknown(kind: str, api_version: str, place: Place, fix: str = "") -> Finding:
    """The finding of a kind that there is no schema for."""
    message = f"there is no schema for {kind} of {api_version}, so this object was not checked"
    fix = fix or f"add {OBJECTS}/{name_of(kind, api_version)}{ENDING}"
    return Finding("unchecked", "schema", kind, place, "", message, fix=fix)


@cache
def _known(inputs: str) -> Schemas:
    return Schemas(inputs)
