"""The way down one layer to a path: through mappings, items of lists, and references to other paths."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from generators.inventory.layers import Layer
from generators.inventory.origin import Origin, sources
from generators.inventory.paths import KeyPath
from generators.inventory.read import Node
from generators.inventory.references import Reference, references, whole_reference


class Lookup(Protocol):
    """Where values of all layers come from: what a reference leads to is answered there."""

    def origins(self, path: KeyPath) -> tuple[Origin, ...]: ...
    def target(self, reference: Reference) -> KeyPath | None: ...
    def forces(self, path: KeyPath) -> bool: ...


@dataclass(frozen=True)
class Step:
    """What one layer does to a path: the origin that it gives, if any, and how it cuts off earlier layers.

    `above` says that something above the path was replaced, and the path with it; `forced` that the key itself
    was written as `~key`.
    """

    origin: Origin | None
    above: bool = False
    forced: bool = False

    @property
    def cuts(self) -> bool:
        """Whether nothing of earlier layers is left."""
        return self.above or self.forced


@dataclass(frozen=True)
class Descent:
    """Goes down one layer, and asks all of them where a reference leads."""

    trace: Lookup
    layer: Layer

    def step(self, node: Node, path: KeyPath, walked: KeyPath = (), above: bool = False, forced: bool = False) -> Step:
        """What the layer does to `path` below `node`, which stands at `walked`."""
        if not path:
            return Step(self._origin(node, walked, above or forced), above, forced)
        above = above or forced
        if isinstance(node.value, dict):
            return self._into_mapping(node.value, path, walked, above)
        if isinstance(node.value, tuple):
            return self._into_item(node.value, path, walked, above)
        reference = whole_reference(node.value)
        if reference is None:  # a scalar or null where others have a mapping: nothing of them is left
            return Step(None, above=True)
        return self._into_reference(reference, node, path, walked, above)

    def _origin(self, node: Node, walked: KeyPath, replaces: bool) -> Origin:
        text = node.value if isinstance(node.value, str) else ""
        targets = [target for found in references(text) if (target := self.trace.target(found))]
        through = tuple(origin for target in targets for origin in self.trace.origins(target))
        return Origin(node, self.layer, walked, replaces, through=through)

    def _into_mapping(self, entries: dict[str, Node], path: KeyPath, walked: KeyPath, above: bool) -> Step:
        for key, forced in ((f"~{path[0]}", True), (path[0], False)):
            if key in entries:
                return self.step(entries[key], path[1:], (*walked, key), above, forced)
        return Step(None, above)

    def _into_item(self, items: tuple[Node, ...], path: KeyPath, walked: KeyPath, above: bool) -> Step:
        """A list inside a list's item; the outermost list, which is appended to, is `Trace`'s part."""
        at = path[0]
        if not isinstance(at, int) or at >= len(items):
            return Step(None, above)
        return self.step(items[at], path[1:], (*walked, at), above)

    def _into_reference(self, reference: Reference, node: Node, path: KeyPath, walked: KeyPath, above: bool) -> Step:
        target = self.trace.target(reference)
        if target is None:
            return Step(None, above)
        whole = [found for origin in self.trace.origins(target) for found in sources(origin)]
        keys = tuple(takewhile(lambda part: isinstance(part, str), path))
        forced = [self.trace.forces(target + keys[:end]) for end in range(1, len(keys) + 1)]
        above = above or not any(isinstance(found.value, dict | tuple) for found in whole) or any(forced[:-1])
        through = self.trace.origins(target + path)
        there = any(origin.used for origin in through)
        origin = Origin(node, self.layer, walked, above, through=through) if there else None
        return Step(origin, above, forced=bool(forced) and forced[-1])
