"""A document as written: every value with the place it stands at, and the place of its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from generators.inventory.paths import KeyPath
from generators.model import Place

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """A value and where it was written; `key_place` is None for list items and at the top of a document.

    `written` is the text of a scalar without quotes, which may say more than its value: 1.10, 0x1F.
    """

    value: Scalar | tuple[Node, ...] | dict[str, Node]
    place: Place
    key_place: Place | None = None
    written: str = field(default="", compare=False)

    @property
    def entry_place(self) -> Place:
        """Where a reader looks for this entry: at its key, or at the item itself."""
        return self.key_place or self.place


def plain(node: Node) -> Any:
    """The value without places, as ordinary dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.value]
    return node.value


def walk(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    """Every node below and including `node`, with its path, in the order of the file."""
    yield path, node
    for part, child in _children(node):
        yield from walk(child, (*path, part))


def find(node: Node, path: KeyPath) -> Node | None:
    """The node at exactly `path` (keys as written, `~` included), or None."""
    for part in path:
        child = _child(node, part)
        if child is None:
            return None
        node = child
    return node


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(part)
    listed = isinstance(node.value, tuple) and isinstance(part, int) and 0 <= part < len(node.value)
    return node.value[part] if listed else None


def replaced(node: Node, path: KeyPath, value: Any) -> Node:
    """A copy of the tree in which the node at `path`, which must exist, has another value."""
    if not path:
        return replace(node, value=value)
    head, rest = path[0], path[1:]
    if isinstance(node.value, dict):
        return replace(node, value={**node.value, head: replaced(node.value[head], rest, value)})
    items = list(node.value)
    items[head] = replaced(items[head], rest, value)
    return replace(node, value=tuple(items))


def without(node: Node, path: KeyPath) -> Node:
    """A copy of the tree without the entry at `path`, which must exist and be a mapping's."""
    parent = find(node, path[:-1])
    return replaced(node, path[:-1], {key: child for key, child in parent.value.items() if key != path[-1]})


def _children(node: Node) -> Iterator[tuple[str | int, Node]]:
    if isinstance(node.value, dict):
        yield from node.value.items()
    elif isinstance(node.value, tuple):
        yield from enumerate(node.value)
