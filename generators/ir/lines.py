"""At which line of a file something of a compiled pipeline stands; asked only where there is something to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import yaml

from generators.inventory.paths import KeyPath

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Where the PipelineSpec and the PlatformSpec stand in a document: alone, in a PipelineJob, in a PipelineVersion.
_HOLDERS = ((), ("pipelineSpec",), ("platformSpec",), ("spec", "pipelineSpec"), ("spec", "platformSpec"))


def line_finder(text: str) -> Callable[[KeyPath], int]:
    """A function from a path in a PipelineSpec or a PlatformSpec to its line in the YAML or JSON `text`.

    A path that is not there has the line of the last part of it that is.
    """
    try:
        documents = list(yaml.compose_all(text, Loader=_LOADER))
    except (yaml.YAMLError, RecursionError, ValueError):
        documents = []
    roots = [root for document in documents for holder in _HOLDERS if (root := _below(document, holder))]

    def line(path: KeyPath) -> int:
        depth, found = max((_reached(root, path) for root in roots), default=(0, 1))
        return found if depth else 1

    return line


def _below(node: yaml.Node | None, path: Iterable[str | int]) -> yaml.Node | None:
    for part in path:
        found = _child(node, part)
        node = found[1] if found else None
    return node


def _reached(node: yaml.Node, path: KeyPath) -> tuple[int, int]:
    """How many parts of a path are there, and the line of the last of them."""
    line = node.start_mark.line + 1
    for depth, part in enumerate(path):
        found = _child(node, part)
        if not found:
            return depth, line
        line, node = found[0].start_mark.line + 1, found[1]
    return len(path), line


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """The node of a key, or of an item, with the node of its value."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None
