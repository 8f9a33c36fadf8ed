"""Objects that are nearly right: each is one that is right with one thing changed, the same for the same seed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

Path = tuple[str | int, ...]
# What a person may have written in place of a value, right or wrong.
VALUES = (
    "", "x", "Not A Name", "UPPER", "a" * 70, "true", "1", "-1", "500m", "4Gi", "4 Gi", "10%", "*/5 * * * *",
    "a/b", "a.b", "Always", "always", "2026-01-01T00:00:00Z", "aGVsbG8=",
    0, 1, -1, 3, 65536, 1 << 33, 1.5, True, False, None, [], {},
    ["x"], ["x", "x"], {"x": "y"}, {"name": "x"}, [{"name": "x"}, {"name": "x"}],
)  # fmt: skip
KEYS = ("nmae", "Name", "x", "spec", "name", "labels", "value", "image")


def mutants(objects: list[dict[str, Any]], count: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many of them, of all objects in turn."""
    random = Random(seed)
    for number in range(count):
        yield mutated(objects[number % len(objects)], random)


def mutated(obj: dict[str, Any], random: Random) -> dict[str, Any]:
    """A copy with a value replaced, a key or an item removed, doubled, renamed or added; never what kind it is."""
    found = copy.deepcopy(obj)
    places = [path for path in _places(found) if path[0] not in ("apiVersion", "kind")]
    path = random.choice(places)
    holder = _at(found, path[:-1])
    how = random.randrange(6)
    if how == 0:
        del holder[path[-1]]
    elif how == 1 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[path[-1]]))
    elif how == 2 and isinstance(holder, dict):
        holder[random.choice((f"{path[-1]}x", str(path[-1]).upper(), "unknown"))] = holder.pop(path[-1])
    elif how == 3 and isinstance(holder[path[-1]], dict):
        holder[path[-1]][random.choice(KEYS)] = random.choice(VALUES)
    elif how == 4:
        other = random.choice(places)
        holder[path[-1]] = copy.deepcopy(_at(obj, other))
    else:
        holder[path[-1]] = copy.deepcopy(random.choice(VALUES))
    return found


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _places(item, (*path, key))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value
