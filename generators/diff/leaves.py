"""Where two trees of JSON values differ, leaf by leaf; items of a list that have names go by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

Path = tuple[str, ...]
ABSENT = object()


class Leaf(NamedTuple):
    """A leaf that is not the same: keys down to it, `[name]` for an item; ABSENT where a side has none."""

    path: Path
    before: Any
    after: Any

    @property
    def name(self) -> str:
        """The path as a person reads it."""
        return ".".join(self.path).replace(".[", "[")


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Leaf]:
    """Every leaf in which two trees differ; an empty mapping or list is a leaf."""
    if type(before) is not type(after) or not isinstance(before, dict | list):
        if not _same(before, after):
            yield from _both(before, after, path)
        return
    here, there = _children(before, after)
    for key in dict.fromkeys((*here, *there)):
        yield from differences(here.get(key, ABSENT), there.get(key, ABSENT), (*path, key))
    if isinstance(before, list) and here.keys() == there.keys() and list(here) != list(there):
        yield Leaf((*path, "[order]"), list(here), list(there))


def shown(value: Any) -> str | None:
    """A leaf as text, None where it is absent."""
    if value is ABSENT:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _both(before: Any, after: Any, path: Path) -> Iterator[Leaf]:
    """Two values of which one at least is a leaf, or absent: one difference, or all that stands on either side."""
    if not any(isinstance(value, dict | list) and value for value in (before, after)):
        yield Leaf(path, before, after)
        return
    yield from (Leaf(at, value, ABSENT) for at, value in _walk(before, path))
    yield from (Leaf(at, ABSENT, value) for at, value in _walk(after, path))


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if value is ABSENT:
        return
    if not isinstance(value, dict | list) or not value:
        yield path, value
        return
    for key, child in _children(value, value)[0].items():
        yield from _walk(child, (*path, key))


def _same(before: Any, after: Any) -> bool:
    """Whether two leaves are one: 1 and 1.0 are, 1 and true are not."""
    return before == after and isinstance(before, bool) is isinstance(after, bool)


def _children(before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The items of two mappings, or of two lists: by their names where both have them, else by their places."""
    if isinstance(before, dict):
        return {str(key): child for key, child in before.items()}, {str(key): child for key, child in after.items()}
    if _are_named(before) and _are_named(after) and _share_names(before, after):
        return {f"[{item['name']}]": item for item in before}, {f"[{item['name']}]": item for item in after}
    return {f"[{at}]": item for at, item in enumerate(before)}, {f"[{at}]": item for at, item in enumerate(after)}


def _are_named(items: list[Any]) -> bool:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _share_names(before: list[Any], after: list[Any]) -> bool:
    """Whether names tell items apart: not where one item of each list has another name."""
    names = {item["name"] for item in before} & {item["name"] for item in after}
    return bool(names) or len(before) != len(after)
