"""Whether the items of a list differ in the keys that the definition tells them apart by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generators.checks.definitions.parts import NOTHING, Part
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem


def repeated(value: Any, part: Part | None, path: KeyPath = ()) -> Iterator[Problem]:
    """A problem for every item that is there already, in any list of an object with its defaults."""
    if part is None or not part.has_keys:
        return
    if isinstance(value, dict):
        for name, below in part.keyed.items():
            if name in value:
                yield from repeated(value[name], below, (*path, name))
        if part.values is not None and part.values.has_keys:
            for name, item in value.items():
                if name not in part.properties:
                    yield from repeated(item, part.values, (*path, name))
    elif isinstance(value, list):
        if part.keys:
            yield from _in_list(value, part, path)
        if part.items is not None and part.items.has_keys:
            for at, item in enumerate(value):
                yield from repeated(item, part.items, (*path, at))


def _in_list(items: list[Any], part: Part, path: KeyPath) -> Iterator[Problem]:
    seen: dict[Any, int] = {}
    defaults = {key: _default(part, key) for key in part.keys}
    for at, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        named = {key: item.get(key, default) for key, default in defaults.items()}
        values = tuple(named.values())
        text = values if all(type(each) is str for each in values) else json.dumps(named, sort_keys=True)
        if text in seen:
            found = ", ".join(f"{key}: {value}" for key, value in named.items())
            message = f"is there already, as item {seen[text]} of this list"
            yield Problem((*path, at), "duplicate", message, found, fix="give it another name, or remove one of them")
        seen.setdefault(text, at)


def _default(part: Part, key: str) -> Any:
    below = part.items.properties.get(key) if part.items else None
    return None if below is None or below.default is NOTHING else below.default
