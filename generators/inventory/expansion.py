"""Refuses references that multiply: forty short lines can refer to one another until no machine holds the result.

`a1: {x: "${a0}", z: "${a0}"}`, `a2: {x: "${a1}", z: "${a1}"}` and so on doubles with each line. reclass-rs expands
whatever it is given (18 such lines took it 40 s and 1.3 GB), so the size is estimated before it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generators.inventory.layers import Layer
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Node, walk
from generators.inventory.references import nested, references
from generators.model import Finding

MAX_VALUES = 50_000
_MAX_CHAIN = 64  # reclass-rs follows no longer chain of references


def expansion(layers: Sequence[Layer]) -> list[Finding]:
    """A finding at the largest reference where the layers would expand to more than `MAX_VALUES` values."""
    sizes = _Sizes(layers)
    total, largest = 0, None
    for layer in layers:
        for path, node in walk(layer.parameters):
            size = 1 + sizes.referenced(node, 0)
            total += size
            if size > 1 and (largest is None or size > largest[0]):
                largest = size, path, node
    if total <= MAX_VALUES or largest is None:
        return []
    size, path, node = largest
    message = f"references expand to about {total} values, of which {size} stand here"
    fix = "refer to fewer values, or write them out"
    rule, allowed = "expansion", f"at most {MAX_VALUES} values in an environment"
    return [Finding("invalid", "schema", rule, node.place, format_path(path), message, str(node.value), allowed, fix)]


@dataclass
class _Sizes:
    """How many values a path stands for once its references are expanded; an upper bound, each path counted once."""

    layers: Sequence[Layer]
    known: dict[KeyPath, int] = field(default_factory=dict)

    def referenced(self, node: Node, chain: int) -> int:
        if not isinstance(node.value, str) or "${" not in node.value:
            return 0
        found = [inner for outer in references(node.value) for inner in nested(outer)]
        return sum(self._at(_written_path(reference.parts), chain + 1) for reference in found)

    def _at(self, path: KeyPath, chain: int) -> int:
        if path not in self.known:
            self.known[path] = 0  # for a loop, which reclass-rs refuses
            if chain <= _MAX_CHAIN:
                self.known[path] = sum(self._below(layer.parameters, path, chain) for layer in self.layers)
        return self.known[path]

    def _below(self, node: Node, path: KeyPath, chain: int) -> int:
        if not path:
            return sum(1 + self.referenced(inner, chain) for _, inner in walk(node))
        if not isinstance(node.value, dict):
            return self.referenced(node, chain)
        children = (node.value.get(path[0]), node.value.get(f"~{path[0]}"))
        return sum(self._below(child, path[1:], chain) for child in children if child)


def _written_path(parts: tuple[object, ...]) -> KeyPath:
    """The path of a reference up to the first reference inside it, whose value is not known yet."""
    text = parts[0] if parts and isinstance(parts[0], str) else ""
    keys = text.split(":")
    return tuple(keys if len(parts) == 1 else keys[:-1])
