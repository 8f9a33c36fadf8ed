"""Objects with something changed in them: a value gone, replaced, of another type, or twice."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

KEPT = (("apiVersion",), ("kind",), ("metadata",), ("metadata", "name"), ("metadata", "namespace"))
OTHERS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 1.5, "", "x", "1", "1Gi", [], {}, ["x"], {"x": 1}, [{"name": "x"}], "line\nbreak",
    2**40,
)  # fmt: skip

Path = tuple[Any, ...]


def mutated(obj: dict[str, Any], random: Random, changes: int) -> dict[str, Any]:
    """A copy with so many changes; what the object is called stays."""
    found = copy.deepcopy(obj)
    for _ in range(changes):
        places = [path for path in _paths(found, ()) if path not in KEPT]
        if places:
            _change(found, random.choice(places), random)
    return found


def _paths(node: Any, path: Path) -> Iterator[Path]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from _paths(child, (*path, key))


def _change(obj: dict[str, Any], path: Path, random: Random) -> None:
    parent: Any = obj
    for key in path[:-1]:
        parent = parent[key]
    key = path[-1]
    way = random.choice((_delete, _replace, _retype, _duplicate, _vary))
    way(parent, key, random)


def _delete(parent: Any, key: Any, random: Random) -> None:
    del parent[key]


def _replace(parent: Any, key: Any, random: Random) -> None:
    parent[key] = copy.deepcopy(random.choice(OTHERS))


def _retype(parent: Any, key: Any, random: Random) -> None:
    value = parent[key]
    parent[key] = random.choice(([value], {"value": value}, str(value), {str(key): value}))


def _duplicate(parent: Any, key: Any, random: Random) -> None:
    if isinstance(parent, list):
        parent.insert(key, copy.deepcopy(parent[key]))
    else:
        parent[f"{key}2"] = copy.deepcopy(parent[key])


def _vary(parent: Any, key: Any, random: Random) -> None:
    value = parent[key]
    if isinstance(value, bool):
        parent[key] = not value
    elif isinstance(value, int):
        parent[key] = value + random.choice((-1, 1, 1000))
    elif isinstance(value, str):
        parent[key] = random.choice(
            (value + "x", value[:-1], value.upper(), value.replace("sha256", "sha512"), f"other/{value}")
        )
