"""The order that keys of an overlay are written in: the schema's where it names them, else that of the classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from generators.inventory.merge import Environment
from generators.inventory.paths import KeyPath, lookup


def order(merged: Environment, schema: dict[str, Any]) -> Callable[[KeyPath], Sequence[str]]:
    """A function from the path of a mapping in the file, `parameters` first, to its keys in their order.

    `schema` is that of a merged environment.
    """

    def keys(path: KeyPath) -> Sequence[str]:
        inside = path[1:]
        return tuple(_described(schema, inside)) or _merged_keys(merged, inside)

    return keys


def _described(schema: dict[str, Any], path: KeyPath) -> Sequence[str]:
    """The keys that the schema of the mapping at a path names, none where it takes any."""
    here = _resolved(schema, schema)
    for part in path:
        properties = here.get("properties", {})
        below = properties.get(part, here.get("additionalProperties"))
        if not isinstance(below, dict):
            return ()
        here = _resolved(schema, below)
    return tuple(here.get("properties", ()))


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref", "")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else part


def _merged_keys(merged: Environment, path: KeyPath) -> Sequence[str]:
    try:
        found = lookup(merged.parameters, path)
    except KeyError:
        return ()
    return tuple(found) if isinstance(found, dict) else ()
