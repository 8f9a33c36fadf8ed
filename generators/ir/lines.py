"""At which line of a file something of a compiled pipeline stands; asked only where there is something to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generators.inventory.paths import KeyPath
from generators.ir import documents
from generators.ir.documents import Node
from generators.ir.validate.problem import name_of

# Where the PipelineSpec and the PlatformSpec stand in a document: alone, in a PipelineJob, in a PipelineVersion.
_HOLDERS = ((), ("pipelineSpec",), ("platformSpec",), ("spec", "pipelineSpec"), ("spec", "platformSpec"))


def line_finder(text: str) -> Callable[[KeyPath], int]:
    """A function from a path in a PipelineSpec or a PlatformSpec to its line in the YAML or JSON `text`.

    A path that is not there has the line of the last part of it that is.
    """
    return finder(documents.read(text, "")[0])


def finder(roots: list[Node]) -> Callable[[KeyPath], int]:
    """The same for documents that have been read already."""
    holders = [found for root in roots for holder in _HOLDERS if (found := _below(root, holder))]

    def line(path: KeyPath) -> int:
        depth, found = max((_reached(root, path) for root in holders), key=lambda each: each[0], default=(0, 1))
        return found if depth else _first(roots)

    return line


def nearest_line(node: Node, path: KeyPath) -> int:
    """The line of what stands at a path below a node, or of the last part of the path that is there."""
    return _reached(node, path)[1]


def line_at(node: Node, path: KeyPath) -> int:
    """The line of what stands at a path below a node, 0 where nothing does."""
    depth, line = _reached(node, path)
    return line if depth == len(path) else 0


def _first(roots: list[Node]) -> int:
    """The line of the PipelineSpec, for what it lacks as a whole."""
    specs = [found for root in roots for holder in _HOLDERS[1::2] if (found := line_at(root, holder))]
    return specs[0] if specs else 1


def _below(node: Node | None, path: Iterable[str | int]) -> Node | None:
    for part in path:
        found = _child(node, part)
        node = found[1] if found else None
    return node


def _reached(node: Node, path: Iterable[str | int]) -> tuple[int, int]:
    """How many parts of a path are there, and the line of the last of them."""
    depth, line = 0, node.line
    for part in path:
        found = _child(node, part)
        if not found:
            break
        depth, (line, node) = depth + 1, found
    return depth, line


def _child(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    """The line of a key, or of an item, with the node of its value."""
    value = node.value if node else None
    if isinstance(value, dict):
        return value.get(part) or next((found for key, found in value.items() if name_of(key) == part), None)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part].line, value[part]
    return None
