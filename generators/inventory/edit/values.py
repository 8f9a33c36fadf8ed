"""A value as a person writes it into a file: on one line where there is room, else a line for each part."""

from __future__ import annotations

from collections.abc import Sequence

from generators.inventory.read import Node
from generators.output import scalars

WIDTH = 120  # characters of a line
PLAIN = "plain"  # how a text stood there that had no quotes


def one_line(node: Node, quote: str = "") -> str:
    """The value on one line; a text in the quotes that stood there before, where there were any."""
    if isinstance(node.value, dict):
        inside = (f"{scalars.inside_flow(key)}: {one_line(child)}" for key, child in node.value.items())
        return f"{{{', '.join(inside)}}}"
    if isinstance(node.value, tuple):
        return f"[{', '.join(map(one_line, node.value))}]"
    if isinstance(node.value, str):
        return _string(node.value, quote)
    return node.written or scalars.atom(node.value)


def lines(key: str, node: Node, indent: int, unit: int) -> list[str]:
    """An entry of a block mapping; over several lines where one would be too long."""
    margin, name = " " * indent, written_key(key)
    whole = f"{margin}{name}: {one_line(node)}"
    if len(whole) <= WIDTH or not isinstance(node.value, dict | tuple) or not node.value:
        return [whole]
    return [f"{margin}{name}:", *parts(node, indent + unit, unit)]


def parts(node: Node, indent: int, unit: int) -> list[str]:
    """What is in a mapping or list that has lines of its own."""
    if isinstance(node.value, dict):
        return [line for key, child in node.value.items() for line in lines(key, child, indent, unit)]
    return [f"{' ' * indent}- {one_line(item)}" for item in node.value]


def nested(keys: Sequence[str], node: Node, indent: int, unit: int, in_lines: bool = False) -> list[str]:
    """An entry below mappings that are not there yet: each has a line, and the last of them its one value on it.

    With `in_lines` that value has a line too, as those of the neighbours have.
    """
    if len(keys) == 1:
        return lines(keys[0], node, indent, unit)
    if len(keys) == 2 and not in_lines:
        whole = f"{' ' * indent}{written_key(keys[0])}: {{{scalars.inside_flow(keys[1])}: {one_line(node)}}}"
        if len(whole) <= WIDTH:
            return [whole]
    return [f"{' ' * indent}{written_key(keys[0])}:", *nested(keys[1:], node, indent + unit, unit)]


def written_key(key: str) -> str:
    """A key of a block mapping; one that begins with `~` is plain text to every reader."""
    return f"~{scalars.key(key[1:])}" if key.startswith("~") and _is_plain(key[1:]) else scalars.key(key)


def _is_plain(text: str) -> bool:
    return scalars.key(text) == text


def _string(text: str, quote: str) -> str:
    if quote == "'" and "\n" not in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    plain = scalars.inside_flow(text)
    if quote == PLAIN:
        return plain
    return scalars.quoted(text) if (quote == '"' or ":" in text) and plain == text else plain
