"""The JSON Schemas of Kubernetes' own kinds: those of kubernetes-validate, narrowed to what a server takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from generators.checks.forms import Schema
from generators.checks.kubernetes.narrowed import narrowed

_DEFINITIONS = "_definitions.json"
_REFERENCE = re.compile(r'"\$ref": "[^"#]*#/\$defs/([^"]+)"')
_KIND, _API_VERSION = re.compile(r"[A-Za-z]{1,63}"), re.compile(r"[a-z0-9.-]{1,253}(?:/[a-z0-9]{1,63})?")
_FOR_PEOPLE = ("title", "description")


def kubernetes(kind: str, api_version: str) -> Schema | None:
    """The schema of one of Kubernetes' own kinds, None where it is not one of them."""
    schema = bundled(kind, api_version)
    return None if schema is None else narrowed(_for_programs(schema), kind)


@cache
def is_kubernetes(kind: str, api_version: str) -> bool:
    """Whether it is one of Kubernetes' own kinds."""
    return _file(kind, api_version) is not None


def bundled(kind: str, api_version: str) -> Schema | None:
    """The same as it is published, with all that it refers to."""
    schema = _file(kind, api_version)
    if schema is None:
        return None
    known, wanted, pending = _kubernetes_definitions(), set(), [schema]
    while pending:
        fresh = set(_references(pending.pop())) - wanted
        wanted |= fresh
        pending += [known[name] for name in fresh]
    whole = {**schema, "$defs": {name: known[name] for name in sorted(wanted)}}
    whole.pop("$id", None)  # its references are all to what stands in it now
    return json.loads(_REFERENCE.sub(r'"$ref": "#/$defs/\1"', json.dumps(whole)))


def _file(kind: str, api_version: str) -> Schema | None:
    if not _KIND.fullmatch(kind) or not _API_VERSION.fullmatch(api_version):
        return None
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    try:
        return _bundled(f"{kind.lower()}-{group}.json")
    except FileNotFoundError:
        return None


@cache
def _kubernetes_definitions() -> dict[str, Schema]:
    return _bundled(_DEFINITIONS)["$defs"]


def _bundled(file: str) -> Any:
    import kubernetes_validate
    from kubernetes_validate.utils import schema_contents

    version = kubernetes_validate.latest_version()
    return schema_contents(f"kubernetes-json-schema/v{version}-local-strict/{file}", version)


def _references(schema: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    yield from _REFERENCE.findall(json.dumps(schema))


def _for_programs(schema: Any) -> Any:
    """A schema without what is for people alone; what only looks like it, such as a property of that name, stays."""
    if isinstance(schema, list):
        return [_for_programs(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = {key: {name: _for_programs(item) for name, item in schema[key].items()} for key in _named(schema)}
    return {key: _for_programs(item) for key, item in schema.items() if key not in (*_FOR_PEOPLE, *named)} | named


def _named(schema: Schema) -> list[str]:
    """The keys of a schema whose value maps names, which may be words of JSON Schema, to schemas."""
    return [key for key in ("properties", "$defs") if isinstance(schema.get(key), dict)]
