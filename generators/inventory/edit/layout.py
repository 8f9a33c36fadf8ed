"""Where the values of a YAML text begin and end: ruamel.yaml's nodes, with the positions that its marks give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError


@dataclass(frozen=True)
class Entry:
    """One entry of a mapping: the nodes of its key and its value."""

    key: Any
    value: Any

    @property
    def name(self) -> str:
        """The key as written, without quotes."""
        return self.key.value

    def is_for(self, name: str) -> bool:
        """Whether the entry sets `name`, under `~name` too."""
        return self.name in (name, f"~{name}")


def layout(text: str, file: str) -> Any:
    """The node of the document; GraftError where it cannot be read."""
    from ruamel.yaml import YAML, YAMLError  # only an edit is worth the time of its import

    try:
        return YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise GraftError(f"{file} cannot be read: {str(error).strip().splitlines()[0]}", "see graft check") from None


def is_mapping(node: Any) -> bool:
    return node.id == "mapping"


def is_list(node: Any) -> bool:
    return node.id == "sequence"


def in_flow(node: Any) -> bool:
    """Whether a mapping or list stands between brackets."""
    return bool(node.flow_style)


def is_block(node: Any) -> bool:
    """Whether a node is a mapping or list with lines of its own."""
    return node.id != "scalar" and not node.flow_style


def has_blocks(mapping: Any) -> bool:
    """Whether the mappings in a mapping have lines of their own, all of them, and there is one."""
    inside = [each.value for each in entries(mapping) if is_mapping(each.value)]
    return bool(inside) and all(map(is_block, inside))


def entries(mapping: Any) -> list[Entry]:
    return [Entry(key, value) for key, value in mapping.value]


def end(node: Any) -> int:
    """The index after the last character of a node; the mark of a block stands at whatever comes next."""
    if node.id == "scalar" and node.style in ("|", ">"):
        return start(node) + len(_text(node).rstrip())
    if node.id == "scalar" or node.flow_style:
        return node.end_mark.index
    last = node.value[-1]
    return end(last[1] if isinstance(last, tuple) else last)


def start(node: Any) -> int:
    return node.start_mark.index


def column(node: Any) -> int:
    return node.start_mark.column


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """The index of the line break after `at`, or the end of the text."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def indentations(node: Any) -> Iterator[int]:
    """How much deeper each block mapping stands than the one that holds it."""
    for entry in entries(node) if is_mapping(node) and is_block(node) else ():
        if is_mapping(entry.value) and is_block(entry.value):
            yield column(entry.value) - column(node)
            yield from indentations(entry.value)


def indentation(document: Any) -> int:
    """What a level is indented by in a file: as its first is, two where there is none."""
    return next(indentations(document), 2)


def items(node: Any) -> Sequence[Any]:
    return node.value


def _text(node: Any) -> str:
    return node.start_mark.buffer[node.start_mark.index : node.end_mark.index]
