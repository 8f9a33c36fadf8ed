"""The object that an API server goes on with: without nulls that mean nothing, with the defaults of its definition.

As k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting has it: a default is for a key that is missing, or
null where null is no value; a null that has no default is as if it were not there.
"""

from __future__ import annotations

import copy
from typing import Any

from generators.checks.definitions.parts import NOTHING, Part


def defaulted(value: Any, part: Part | None) -> Any:
    """A copy of a value with defaults in it; what the schema asks nothing of is the very value."""
    if part is None or not part.has_defaults:
        return value
    if isinstance(value, dict):
        return _mapping(value, part)
    if isinstance(value, list) and part.items:
        return [defaulted(item, part.items) for item in value]
    return value


def _mapping(value: dict[str, Any], part: Part) -> dict[str, Any]:
    found = {}
    for name, given in value.items():
        below = part.properties.get(name, part.values)
        if given is None and below and not below.nullable and below.default is not NOTHING:
            continue
        found[name] = defaulted(given, below)
    for name, below in part.properties.items():
        if name not in found and below.default is not NOTHING:
            found[name] = defaulted(copy.deepcopy(below.default), below)
    return found


def without_nulls(value: Any) -> Any:
    """A value without the keys that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value
