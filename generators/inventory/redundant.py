"""Declared values that change nothing: an overlay that repeats what it overrides, a size that no step uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.inventory import merge
from generators.inventory.layers import class_of
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Node, find, plain, walk
from generators.inventory.references import Reference, nested, references
from generators.model import Finding
from generators.suggestions import did_you_mean


def check(environment: merge.Environment) -> list[Finding]:
    """A warning for every value of the environment's own file that is what the classes say already; an error for every
    size under its `resources` that nothing refers to.
    """
    return [*_repeated(environment), *(_unused_sizes(environment) if _says_all(environment) else ())]


def _says_all(environment: merge.Environment) -> bool:
    """Whether all of its steps are known, and so what none of them uses: no class and no reference is wrong."""
    pipelines = (environment.parameters or {}).get("pipelines")
    listed = pipelines if isinstance(pipelines, dict) else {}
    return environment.sound and all(class_of(name) in environment.classes for name in listed)


def _repeated(environment: merge.Environment) -> Iterator[Finding]:
    own = environment.layers[-1]
    for path, node in _leaves(own.parameters):
        origins = environment.trace.origins(path)
        if len(origins) < 2 or origins[-1].layer != own:
            continue
        before = origins[-2]
        if plain(before.node) == plain(node):
            message = f"repeats what it overrides, {before.node.entry_place}"
            place, where, found = node.entry_place, format_path(path), f"{path[-1]}: {plain(node)}"
            yield Finding("warning", "schema", "redundant", place, where, message, found, fix="remove it")


def _leaves(tree: Node) -> Iterator[tuple[KeyPath, Node]]:
    """Every scalar and every list, by its path without `~`; a reference may mean something else here than there."""
    for path, node in walk(tree):
        inside_list = any(isinstance(part, int) for part in path)
        inside_replaced = any(str(part).startswith("~") for part in path[:-1])  # without it nothing would be said
        reference = isinstance(node.value, str) and "${" in node.value
        if path and not inside_list and not inside_replaced and not reference and not isinstance(node.value, dict):
            yield tuple(str(part).removeprefix("~") for part in path), node


def _unused_sizes(environment: merge.Environment) -> Iterator[Finding]:
    nodes = [node for layer in environment.layers for _, node in walk(layer.parameters)]
    found = [reference for node in nodes if isinstance(node.value, str) for reference in references(node.value)]
    used = [inner for reference in found for inner in nested(reference)]
    sizes = find(environment.layers[-1].parameters, ("resources",))
    for key, node in sizes.value.items() if sizes and isinstance(sizes.value, dict) else ():
        name = key.removeprefix("~")
        if not any(_refers_to(reference, name) for reference in used):
            asked = {part for each in used for part in _sizes(each)}
            message, near = "no step refers to this size", did_you_mean(name, asked)
            fix = near or f'remove it, or write "${{resources:{name}}}" at a step'
            yield Finding("invalid", "schema", "unused", node.entry_place, f"resources.{name}", message, name, fix=fix)


def _sizes(reference: Reference) -> Iterator[str]:
    """The name of the size that a reference is to, if it is to one and says which."""
    if match := re.fullmatch(r"\$\{resources:([\w-]+)(:\w+)?\}", reference.text):
        yield match[1]


def _refers_to(reference: Reference, size: str) -> bool:
    """Whether a reference is, or with what is nested in it could be, to a size or to a part of one."""
    parts = (f"${{resources:{size}{part}}}" for part in ("", ":cpu", ":memory"))
    return any(reference.could_be(text) for text in parts)
