"""Refuses a list in an environment that would be appended to one from a class, which reclass does silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generators.inventory.layers import Layer
from generators.inventory.origin import Origin, sources
from generators.inventory.paths import KeyPath, format_path, lookup
from generators.inventory.read import Node
from generators.inventory.references import whole_reference
from generators.inventory.trace import Trace
from generators.model import Finding


def appended_lists(layers: Sequence[Layer], parameters: dict[str, Any] | None) -> list[Finding]:
    """A finding for each list of the last layer, bare or by reference, over a list of an earlier one."""
    environment, classes = layers[-1], Trace(layers[:-1], parameters)
    findings = []
    for path, node, below in _written(environment.parameters, ()):
        for deeper in _lists(node, below, Trace(layers, parameters)):
            under = [origin for origin in classes.origins(path + deeper) if origin.used and _is_list(origin)]
            if under:
                findings.append(_refuse(path, deeper, node, under[-1]))
    return findings


def _written(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Node, bool]]:
    """The lists and whole references of a tree that nothing above replaces; True with those that are references."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            if not key.startswith("~"):
                yield from _written(child, (*path, key))
    elif isinstance(node.value, tuple):
        yield path, node, False
    elif whole_reference(node.value):
        yield path, node, True


def _lists(node: Node, by_reference: bool, trace: Trace) -> Iterator[KeyPath]:
    """Where lists are in what was written: at the node itself, or anywhere in the mapping it refers to."""
    if not by_reference:
        yield ()
        return
    target = trace.target(whole_reference(node.value))
    try:
        value = lookup(trace.merged, target) if target else None
    except KeyError:
        return
    yield from _lists_in(value, ())


def _lists_in(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, list):
        yield path
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _lists_in(child, (*path, key))


def _is_list(origin: Origin) -> bool:
    return any(isinstance(node.value, tuple) for node in sources(origin))


def _refuse(path: KeyPath, deeper: KeyPath, node: Node, under: Origin) -> Finding:
    key = path[-1]
    message = f"a list here would be appended to the one at {under.node.entry_place}"
    fix = f"write ~{key}: to replace it"
    where = format_path(path + deeper)
    found = node.value if isinstance(node.value, str) else f"{key}: [...]"
    return Finding("invalid", "schema", "list-over-list", node.entry_place, where, message, found, f"~{key}:", fix)
