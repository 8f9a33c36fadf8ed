"""The schema of a file as it is written, derived from the schema of what files add up to when merged.

A file may leave anything out, replace instead of merge (`~key`), and refer to other values (`${path}`), so in every
place the merged schema is relaxed by just these three. One schema is kept by hand; the other cannot drift from it.
"""

from __future__ import annotations

from typing import Any

REFERENCE = {"type": "string", "pattern": "\\$\\{", "description": "a reference such as ${resources:train}"}
REPLACEMENT = {"pattern": "^~"}


def node_schema(merged: dict[str, Any]) -> dict[str, Any]:
    """The schema of `environments/<environment>.yml`."""
    classes = {
        "description": "the classes to merge, in order",
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "uniqueItems": True,
    }
    return _file("An environment, as written", merged, {"classes": classes}, ["classes", "parameters"])


def class_schema(merged: dict[str, Any]) -> dict[str, Any]:
    """The schema of `base/**/*.yml`."""
    classes = {"description": "other classes to merge first", "type": "array", "items": {"type": "string"}}
    return _file("A class of base/, as written", merged, {"classes": classes}, ["parameters"])


def _file(title: str, merged: dict[str, Any], properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "$schema": merged["$schema"],
        "$comment": "Made by `make schemas` from schemas/merged/environment.schema.json.",
        "title": title,
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties | {"parameters": _relaxed_object(merged)},
        "$defs": {name: _partial(schema) for name, schema in merged["$defs"].items()},
    }


def _relaxed_object(merged: dict[str, Any]) -> dict[str, Any]:
    return {key: _relaxed(key, merged[key]) for key in ("type", "additionalProperties", "properties")}


def _partial(schema: Any) -> Any:
    """A schema for a part of what `schema` describes."""
    if not isinstance(schema, dict):
        return schema
    relaxed = {key: _relaxed(key, value) for key, value in schema.items() if key not in ("required", "minProperties")}
    if "$ref" in schema:
        return relaxed
    return {"anyOf": [relaxed, REFERENCE]} | {key: schema[key] for key in ("description",) if key in schema}


def _relaxed(key: str, value: Any) -> Any:
    match key:
        case "properties":
            parts = {name: _partial(part) for name, part in value.items()}
            return parts | {f"~{name}": part for name, part in parts.items()}
        case "additionalProperties" | "items":
            return _partial(value)
        case "propertyNames":
            return {"anyOf": [value, REPLACEMENT]}
        case _:
            return value
