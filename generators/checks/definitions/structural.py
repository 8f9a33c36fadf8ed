"""A structural schema of a CustomResourceDefinition as a JSON Schema that refuses all that an API server refuses.

What the server would prune is refused, as by strict field validation, which is kubectl's own way. The keywords that a
JSON Schema does not have stay as they are: `default`, `x-kubernetes-validations`, `x-kubernetes-list-map-keys`.
https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
"""

from __future__ import annotations

import re
from typing import Any

from generators.checks.forms import BASE64, DATE_TIME, Schema
from generators.checks.metadata import object_meta

RULES, MAP_KEYS, LIST_TYPE = "x-kubernetes-validations", "x-kubernetes-list-map-keys", "x-kubernetes-list-type"
_OPEN, _EITHER, _EMBEDDED = (
    "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string", "x-kubernetes-embedded-resource",
)  # fmt: skip
_AS_THEY_ARE = (
    "default", "enum", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties",
    "minimum", "multipleOf", "required", MAP_KEYS,
)  # fmt: skip
_RANGES = {"int32": 1 << 31, "int64": 1 << 63}
_FORMATS = {"date-time": DATE_TIME, "datetime": DATE_TIME, "byte": BASE64}
# what Go's regular expressions mean by a class of ASCII, and others by one of Unicode
_CLASSES = {r"\d": "[0-9]", r"\D": "[^0-9]", r"\w": "[0-9A-Za-z_]", r"\W": "[^0-9A-Za-z_]", r"\s": r"[\t\n\f\r ]"}


def json_schema(schema: Schema, api_version: str, kind: str, namespaced: bool = True) -> Schema:
    """The schema of a whole object, from the `openAPIV3Schema` of one version of a definition."""
    found = strict(schema)
    found["properties"] = {
        **found.get("properties", {}),
        "apiVersion": {"const": api_version},
        "kind": {"const": kind},
        "metadata": object_meta(namespaced=namespaced),
    }
    required = dict.fromkeys(["apiVersion", "kind", "metadata", *found.get("required", [])])
    return {**found, "required": list(required)}


def strict(schema: Schema, closed: bool = True) -> Schema:
    """One schema with all below it; one that is not `closed` only says more about a value that another describes."""
    found = {key: schema[key] for key in _AS_THEY_ARE if key in schema}
    found |= _type(schema) | _bounds(schema) | _text(schema)
    if RULES in schema:
        found[RULES] = schema[RULES]
    if "items" in schema:
        found["items"] = strict(schema["items"], closed)
    if "properties" in schema:
        found["properties"] = {name: strict(value, closed) for name, value in schema["properties"].items()}
    if schema.get(LIST_TYPE) == "set" or schema.get("uniqueItems"):
        found["uniqueItems"] = True
    if not schema.get(_EITHER):
        found |= {
            key: [strict(each, False) for each in schema[key]] for key in ("allOf", "anyOf", "oneOf") if key in schema
        }
        found |= {"not": strict(schema["not"], False)} if "not" in schema else {}
    if schema.get(_EMBEDDED):
        found = _embedded(found)
    return _closed(found, schema) if closed else found


def _closed(found: Schema, schema: Schema) -> Schema:
    """With what may stand beside the properties that are named."""
    if isinstance(schema.get("additionalProperties"), dict):
        return {**found, "additionalProperties": strict(schema["additionalProperties"])}
    if schema.get("type") != "object":
        return found
    return {**found, "additionalProperties": bool(schema.get(_OPEN) or schema.get("additionalProperties"))}


def _type(schema: Schema) -> Schema:
    kinds = ["integer", "string"] if schema.get(_EITHER) else [schema["type"]] if "type" in schema else []
    if not kinds:
        return {}
    if schema.get("nullable"):
        more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {"type": [*kinds, "null"], **more}
    return {"type": kinds if len(kinds) > 1 else kinds[0]}


def _bounds(schema: Schema) -> Schema:
    """The bounds of a number: those of its format too; an exclusive one is a word beside a bound there."""
    found, span = {}, _RANGES.get(schema.get("format", ""))
    if span and schema.get("type") == "integer":
        found = {
            "minimum": max(schema.get("minimum", -span), -span),
            "maximum": min(schema.get("maximum", span), span - 1),
        }
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(word) is True:
            found[word] = schema[bound]
    return found


def _text(schema: Schema) -> Schema:
    """The form of a text: its own pattern, and that of its format."""
    own, of_format = schema.get("pattern"), _FORMATS.get(schema.get("format", ""))
    patterns = [re.sub(r"\\.", lambda each: _CLASSES.get(each[0], each[0]), own)] if own else []
    patterns += [of_format] if of_format else []
    if len(patterns) == 2:
        return {"pattern": patterns[0], "allOf": [{"pattern": patterns[1]}]}
    return {"pattern": patterns[0]} if patterns else {}


def _embedded(found: Schema) -> Schema:
    """An object inside an object, which says what it is."""
    whole: dict[str, Any] = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": object_meta()}
    return {**found, "properties": {**found.get("properties", {}), **whole}}
