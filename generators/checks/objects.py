"""Whether every rendered object is one that an API server would take.

Kinds of Kubernetes and of Argo Workflows are held against the schemas of `kinds`, others against
`schemas/objects/<kind>.schema.json`. A kind without any of them is not skipped: it is reported as not checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from generators.checks import kinds
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.inventory.schema import Problem, json_schema, validator
from generators.model import Finding, Place

Validate = Callable[[Any], list[Problem]]

_ARGO = "argoproj.io/"
_FOLDER, _ENDING = "schemas/objects", ".schema.json"


def load_inputs(repository: Repository, cache: Cache) -> str:
    """The schemas of kinds that are not Kubernetes' own, by kind, as one JSON text."""
    files = repository.files(f"{_FOLDER}/*{_ENDING}")
    own = {file.split("/")[-1].removesuffix(_ENDING): json_schema(repository, file) for file in files}
    return json.dumps({"own": own, "argo": _argo(cache)}, sort_keys=True)


def check_objects(rendered: RenderedUnit, schemas: str) -> Iterator[Finding]:
    """The findings of the objects in a unit's files; a document without a kind is the IR, which `local` reads."""
    for file, objects in rendered.files.items():
        for obj in objects:
            if "kind" in obj:
                yield from _findings(file, obj, schemas)


def _findings(file: str, obj: dict[str, Any], schemas: str) -> Iterator[Finding]:
    kind = obj["kind"]
    validate = _validator(kind, obj.get("apiVersion", ""), schemas)
    if validate is None:
        message = f"there is no schema for {kind}, so this object was not checked"
        fix = f"add {_FOLDER}/{kind}{_ENDING}"
        yield Finding("unchecked", "schema", kind, Place(file), "", message, fix=fix)
        return
    yield from (problem.at(Place(file)) for problem in validate(obj))


@cache
def _validator(kind: str, api_version: str, schemas: str) -> Validate | None:
    known = _read(schemas)
    if api_version.startswith(_ARGO):
        schema = known["argo"].get(kind)
    else:
        schema = known["own"][kind] if kind in known["own"] else kinds.kubernetes(kind, api_version)
    return None if schema is None else validator(schema)


@cache
def _read(schemas: str) -> dict[str, dict[str, Any]]:
    return json.loads(schemas)


def _argo(cache: Cache) -> dict[str, Any]:
    """Argo Workflows' schemas, which take longer to make than all the rest of a check."""
    key = cache.key("argo-workflows")
    found = cache.get("schemas", key)
    if found is None:
        found = kinds.argo_workflows()
        cache.put("schemas", key, found)
    return found
