"""Follows one value through the layers of an environment: who wrote it, who replaced it, what it refers to.

Where a value came from is worked out here from the files as written; what it became is always reclass-rs's answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generators.inventory.descent import Descent, Step
from generators.inventory.layers import Layer
from generators.inventory.origin import Origin, is_merged, items, sources
from generators.inventory.paths import KeyPath, lookup
from generators.inventory.references import Reference

_MAX_CHAIN = 40  # references that lead on to others; what is further away is not followed


@dataclass(frozen=True)
class Trace:
    """The layers of an environment and the values that they merged into, to look origins up in.

    `merged` is needed only for the names inside nested references, `${a:${b}}`.
    """

    layers: Sequence[Layer]
    merged: Any
    _known: dict[KeyPath, tuple[Step, ...]] = field(default_factory=dict, repr=False, compare=False)
    _pending: set[KeyPath] = field(default_factory=set, repr=False, compare=False)

    def origins(self, path: KeyPath) -> tuple[Origin, ...]:
        """Every writing of the value at `path`, in the order of merging, with the ones in use marked."""
        return _marked(self._steps(path))

    def forces(self, path: KeyPath) -> bool:
        """Whether the key at `path` replaces another where a reference to the mapping that holds it is merged.

        reclass keeps the `~` of a key with the mapping, unless the key had something to replace there already.
        """
        steps = self._steps(path)
        fresh = max((at for at, step in enumerate(steps) if step.above), default=0)
        return next((step.forced for step in steps[fresh:] if step.origin), False)

    def keys(self, path: KeyPath) -> list[str]:
        """The keys that any layer has written below `path`, those of a referenced mapping included."""
        nodes = [node for origin in self.origins(path) for node in sources(origin)]
        return sorted({key.removeprefix("~") for node in nodes if isinstance(node.value, dict) for key in node.value})

    def target(self, reference: Reference) -> KeyPath | None:
        """The path that a reference refers to, or None where a reference inside it is not to be resolved."""
        return reference.path(self._value)

    def _value(self, path: KeyPath) -> Any:
        try:
            return lookup(self.merged, path)
        except KeyError:
            return None

    def _steps(self, path: KeyPath) -> tuple[Step, ...]:
        """What each layer does to `path`; nothing for a path that is being looked up: a loop of references."""
        if path not in self._known:
            if path in self._pending or len(self._pending) >= _MAX_CHAIN:
                return ()
            self._pending.add(path)
            at = next((at for at, part in enumerate(path) if isinstance(part, int)), None)
            self._known[path] = self._layer_steps(path) if at is None else self._item_steps(path, at)
            self._pending.remove(path)
        return self._known[path]

    def _layer_steps(self, path: KeyPath) -> tuple[Step, ...]:
        return tuple(Descent(self, layer).step(layer.parameters, path) for layer in self.layers)

    def _item_steps(self, path: KeyPath, at: int) -> tuple[Step, ...]:
        """The one writing of a list's item, or of something in it: lists are appended, their items never merged."""
        found = [item for origin in self.origins(path[:at]) if origin.used for item in items(origin)]
        if path[at] >= len(found):
            return ()
        item = found[path[at]]
        return (Descent(self, item.layer).step(item.node, path[at + 1 :], item.path),)


def _marked(steps: Sequence[Step]) -> tuple[Origin, ...]:
    """The origins of the steps, marked used or not by the rules of merging."""
    used: list[Origin] = []
    for step in steps:
        keeps = step.origin is not None and not step.cuts and used and is_merged(step.origin) and is_merged(used[-1])
        if step.cuts or (step.origin is not None and not keeps):
            used = []
        if step.origin is not None:
            used.append(step.origin)
    kept = {id(origin) for origin in used}
    return tuple(replace(step.origin, used=id(step.origin) in kept) for step in steps if step.origin is not None)
