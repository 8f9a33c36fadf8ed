"""The JSON Schema of each kind of object: Kubernetes' own, and those of Argo Workflows.

Kubernetes' are those that kubernetes-validate bundles, at its newest version; Argo's are those of hera's models, with
every unknown field refused, as a strict API server does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

Schema = dict[str, Any]

_ARGO = "argoproj.io/v1alpha1"  # of the kinds that hera has models of; others of its group are not Argo Workflows
_ARGO_KINDS = ("WorkflowTemplate", "ClusterWorkflowTemplate", "Workflow", "CronWorkflow", "WorkflowEventBinding")
_DEFINITIONS = "_definitions.json"
_REFERENCE = re.compile(r'"\$ref": "[^"#]*#/\$defs/([^"]+)"')
_FOR_PEOPLE = ("title", "description", "default")


def argo_workflows() -> dict[str, Schema]:
    """Version and kind to schema, of Argo Workflows' own; takes two seconds, most of them hera's import."""
    from hera.workflows import models

    return {f"{_ARGO}/{kind}": _closed(getattr(models, kind).model_json_schema()) for kind in _ARGO_KINDS}


def kubernetes(kind: str, api_version: str) -> Schema | None:
    """The schema of one of Kubernetes' own kinds, None where it is not one of them."""
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    try:
        schema = _bundled(f"{kind.lower()}-{group}.json")
    except FileNotFoundError:
        return None
    known, wanted, pending = _kubernetes_definitions(), set(), [schema]
    while pending:
        fresh = set(_references(pending.pop())) - wanted
        wanted |= fresh
        pending += [known[name] for name in fresh]
    whole = {**schema, "$defs": {name: known[name] for name in sorted(wanted)}}
    whole.pop("$id", None)  # its references are all to what stands in it now
    return json.loads(_REFERENCE.sub(r'"$ref": "#/$defs/\1"', json.dumps(whole)))


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


def _closed(schema: Any) -> Any:
    """A schema that refuses what it does not name, without what is for people alone."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = {key: {name: _closed(item) for name, item in schema[key].items()} for key in _named(schema)}
    found = {key: _closed(item) for key, item in schema.items() if key not in (*_FOR_PEOPLE, *named)} | named
    return {"additionalProperties": False, **found} if "properties" in named else found


def _named(schema: Schema) -> list[str]:
    """The keys of a schema whose value maps names, which may be words of JSON Schema, to schemas."""
    return [key for key in ("properties", "$defs") if isinstance(schema.get(key), dict)]
