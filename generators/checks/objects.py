"""Whether every rendered object is one that an API server would take.

Kinds of Kubernetes and of Argo Workflows are held against the schemas of `kinds`, others against
`schemas/objects/<group>/<kind>.schema.json`, where the group of `v1` is `core`. A kind without any of them is not
skipped: it is reported as not checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from generators.checks import kinds
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.inventory.schema import Problem, json_schema, validator
from generators.model import Finding, Place

Validate = Callable[[Any], list[Problem]]

_FOLDER, _ENDING = "schemas/objects", ".schema.json"


def load_inputs(repository: Repository, cache: Cache) -> str:
    """The schemas of kinds that are not Kubernetes' own, as one JSON text; the repository's are by group and kind."""
    own = {}
    for file in repository.files(f"{_FOLDER}/**/*"):
        name = file.removeprefix(f"{_FOLDER}/")
        if name.count("/") != 1 or not name.endswith(_ENDING):
            message = f"{file} is not where a schema of objects is looked for"
            raise GraftError(message, f"move it to {_FOLDER}/<group>/<Kind>{_ENDING}, or remove it")
        own[name.removesuffix(_ENDING)] = json_schema(repository, file)
    return json.dumps({"own": own, "argo": _argo(cache)}, sort_keys=True)


def check_objects(rendered: RenderedUnit, schemas: str) -> Iterator[Finding]:
    """The findings of the objects in a unit's files; a document without a kind is the IR, which `local` reads."""
    for file, objects in rendered.files.items():
        for obj in objects:
            if "kind" in obj:
                yield from _findings(file, obj, schemas)


def _findings(file: str, obj: dict[str, Any], schemas: str) -> Iterator[Finding]:
    kind, api_version = obj["kind"], obj.get("apiVersion", "")
    validate = _validator(kind, api_version, schemas)
    if validate is None:
        message = f"there is no schema for {kind} of {api_version}, so this object was not checked"
        fix = f"add {_FOLDER}/{_name(kind, api_version)}{_ENDING}"
        yield Finding("unchecked", "schema", kind, Place(file), "", message, fix=fix)
        return
    yield from (problem.at(Place(file)) for problem in validate(obj))


@cache
def _validator(kind: str, api_version: str, schemas: str) -> Validate | None:
    known = _read(schemas)
    schema = known["argo"].get(f"{api_version}/{kind}")
    if schema is None:
        schema = known["own"].get(_name(kind, api_version))
    if schema is None:
        schema = kinds.kubernetes(kind, api_version)
    return None if schema is None else validator(schema)


def _name(kind: str, api_version: str) -> str:
    """What a schema of the repository is called: the group without its version, and the kind."""
    group, slash, _ = api_version.rpartition("/")
    return f"{group if slash else 'core'}/{kind}"


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
