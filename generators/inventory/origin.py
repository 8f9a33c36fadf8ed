"""One writing of a value: which layer wrote it where, and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generators.inventory.layers import Layer
from generators.inventory.paths import KeyPath
from generators.inventory.read import Node
from generators.inventory.references import whole_reference


@dataclass(frozen=True)
class Origin:
    """One writing of a value: the node, its layer, its path there, and whether the final value has something of it.

    `replaces` says that it was written under `~`, at the key or above it. `through` holds, for a reference, the
    origins of what it refers to; they were written for another key.
    """

    node: Node
    layer: Layer
    path: KeyPath
    replaces: bool = False
    used: bool = False
    through: tuple[Origin, ...] = ()


def sources(origin: Origin) -> list[Node]:
    """The nodes that the value was really written in: this one, or those that a reference leads to."""
    if whole_reference(origin.node.value) is None:
        return [origin.node]
    return [node for inner in origin.through if inner.used for node in sources(inner)]


def items(origin: Origin) -> list[Origin]:
    """One origin for each item of a list, whether it was written here or is referred to."""
    if isinstance(origin.node.value, tuple):
        return [replace(origin, node=node, path=(*origin.path, at)) for at, node in enumerate(origin.node.value)]
    return [item for inner in origin.through if inner.used for item in items(inner)]


def is_merged(origin: Origin) -> bool:
    """Whether this writing is a list or mapping, which is merged with others, and not a scalar, which replaces."""
    return any(isinstance(node.value, dict | tuple) for node in sources(origin))
