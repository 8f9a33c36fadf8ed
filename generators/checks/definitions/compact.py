"""A JSON Schema with each part that it repeats written once, in `$defs`: those of pods repeat most of themselves."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from generators.checks.forms import Schema

_WORTH = 60  # characters; a reference has about thirty
_NAMED, _LISTED = ("properties",), ("allOf", "anyOf", "oneOf")
_ONE = ("items", "additionalProperties", "not")


def compact(schema: Schema) -> Schema:
    """The same schema; what stands in it more than once is called as the first property that it is of."""
    seen: Counter[str] = Counter()
    _count(schema, seen)
    names: dict[str, str] = {}
    found: dict[str, Schema] = {}
    whole = _replaced(schema, "", {text for text, times in seen.items() if times > 1}, names, found, top=True)
    return {**whole, "$defs": dict(sorted(found.items()))} if found else whole


def _below(schema: Schema) -> list[tuple[str, str, Schema]]:
    """(the keyword, the name that it gives, the schema) of each schema right below one."""
    found = [(key, name, each) for key in _NAMED for name, each in schema.get(key, {}).items()]
    found += [(key, "", schema[key]) for key in _ONE if isinstance(schema.get(key), dict)]
    return found + [(key, str(at), each) for key in _LISTED for at, each in enumerate(schema.get(key, ()))]


def _count(schema: Schema, seen: Counter[str]) -> None:
    text = json.dumps(schema, sort_keys=True)
    if len(text) < _WORTH:
        return
    seen[text] += 1
    if seen[text] == 1:
        for _, _, each in _below(schema):
            _count(each, seen)


def _replaced(
    schema: Schema, name: str, often: set[str], names: dict[str, str], found: dict[str, Schema], top: bool = False
) -> Schema:
    text = json.dumps(schema, sort_keys=True)
    if text in names:
        return {"$ref": f"#/$defs/{names[text]}"}
    whole: dict[str, Any] = dict(schema)
    for key, own, each in _below(schema):
        inner = _replaced(each, own if key in _NAMED else name, often, names, found)
        if key in _NAMED:
            whole[key] = {**whole[key], own: inner}
        elif key in _LISTED:
            whole[key] = [inner if at == int(own) else other for at, other in enumerate(whole[key])]
        else:
            whole[key] = inner
    if top or text not in often:
        return whole
    called, number = name or "part", 1
    while called in found:
        number += 1
        called = f"{name or 'part'}{number}"
    names[text], found[called] = called, whole
    return {"$ref": f"#/$defs/{called}"}
