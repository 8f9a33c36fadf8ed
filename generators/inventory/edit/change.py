"""Puts one value into a YAML text, or takes one out: comments, order, quotes and blank lines stay as they are.

ruamel.yaml says where values stand, and the text is spliced there; its own round trip would write other lines anew.
What comes out is read again: a text in which anything else has another value is given back by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError
from generators.inventory.edit import layout, values
from generators.inventory.edit.layout import Entry
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Node, plain, read_document
from generators.model import Place
from generators.output import scalars

Order = Callable[[KeyPath], Sequence[str]]  # the keys of a mapping at a path, in the order that people write them in


def _no_order(_: KeyPath) -> Sequence[str]:
    return ()


def with_value(
    text: str, file: str, path: KeyPath, value: Node, replaces: bool = False, order: Order = _no_order
) -> str:
    """The text with `value` at `path` from the top of the document, keys without `~`.

    `replaces` writes the last key with `~`. A key that is not there yet goes where `order` has it, else last.
    GraftError where something that is no mapping stands in the way.
    """
    name = f"~{path[-1]}" if replaces else path[-1]
    before = layout.layout(text, file)
    done = _Splice(text, file, before).put(path, name, value, order)
    return _confirmed(text, done, file, lambda tree: _put(tree, path, name, plain(value)))


def without_value(text: str, file: str, path: KeyPath) -> str:
    """The text without the entry at `path`, and without mappings that held nothing else, but for the topmost two."""
    splice = _Splice(text, file, layout.layout(text, file))
    while len(path) > 2 and len(layout.entries(splice.mapping(path[:-1]))) == 1:
        path = path[:-1]
    done = splice.drop(path)
    return _confirmed(text, done, file, lambda tree: _drop(tree, path))


def renamed(text: str, file: str, path: KeyPath, name: str) -> str:
    """The text with another key for the entry at `path`."""
    key = _Splice(text, file, layout.layout(text, file)).entry(path).key
    return text[: layout.start(key)] + values.written_key(name) + text[key.end_mark.index :]


def appended(text: str, file: str, path: KeyPath, value: Node) -> str:
    """The text with one more item at the end of the list at `path`."""
    splice = _Splice(text, file, layout.layout(text, file))
    listed = splice.entry(path).value
    if not layout.is_list(listed) or not layout.items(listed):
        raise splice.by_hand(path)
    last, written = layout.items(listed)[-1], values.one_line(value)
    at = layout.end(last)
    if layout.in_flow(listed):
        done = f"{text[:at]}, {written}{text[at:]}"
    else:
        at = layout.line_end(text, at)
        margin = text[layout.line_start(text, layout.start(last)) : layout.start(last)]
        done = f"{text[:at]}\n{margin}{written}{text[at:]}"
    return _confirmed(text, done, file, lambda tree: _at(tree, path).append(plain(value)))


@dataclass(frozen=True)
class _Splice:
    """A text with the layout of its document."""

    text: str
    file: str
    document: Any

    def mapping(self, path: KeyPath) -> Any:
        return self.entry(path).value if path else self.document

    def entry(self, path: KeyPath) -> Entry:
        """The entry at a path that is there, through items of lists too; GraftError where it is not."""
        found = Entry(None, self.document)
        for at, part in enumerate(path):
            below = self._below(found.value, part)
            if below is None:
                raise GraftError(f"{self.file} does not set {format_path(path[: at + 1])}", "see graft explain")
            found = below
        return found

    def by_hand(self, path: KeyPath) -> GraftError:
        message = f"{self.file} is written in a way that {format_path(path)} cannot be edited in"
        return GraftError(message, f"edit {self.file} by hand")

    def put(self, path: KeyPath, name: str | int, value: Node, order: Order) -> str:
        node = self.document
        for at, part in enumerate(path):
            below = self._below(node, part)
            if below is None:
                if not layout.is_mapping(node):
                    return self._in_place_of_nothing(path, at, node, name, value)
                return self._insert(node, path, at, name, value, order)
            if at == len(path) - 1:
                return self._replace(below, name, value)
            entry, node = below, below.value
            if node.id == "scalar":
                return self._in_place_of_nothing(path, at + 1, entry.value, name, value)
        raise self.by_hand(path)

    def drop(self, path: KeyPath) -> str:
        parent, entry = self.mapping(path[:-1]), self.entry(path)
        if not layout.is_mapping(parent):
            raise GraftError(f"{format_path(path)} is an item of a list", "give the list as a whole")
        listed = layout.entries(parent)
        at = [each.name for each in listed].index(entry.name)
        if layout.in_flow(parent):
            return self._drop_in_flow(listed, at)
        if len(listed) == 1:
            return self._replace_block(self.entry(path[:-1]), Node({}, Place(self.file)))
        begin = layout.line_start(self.text, layout.start(entry.key))
        return self.text[:begin] + self.text[layout.line_end(self.text, layout.end(entry.value)) + 1 :]

    def _drop_in_flow(self, listed: list[Entry], at: int) -> str:
        if at:
            begin, end = layout.end(listed[at - 1].value), layout.end(listed[at].value)
        else:
            end = layout.start(listed[1].key) if len(listed) > 1 else layout.end(listed[0].value)
            begin = layout.start(listed[0].key)
        return self.text[:begin] + self.text[end:]

    def _below(self, node: Any, part: str | int) -> Entry | None:
        if layout.is_mapping(node):
            return next((each for each in layout.entries(node) if each.is_for(str(part))), None)
        is_item = layout.is_list(node) and isinstance(part, int) and part < len(layout.items(node))
        return Entry(None, layout.items(node)[part]) if is_item else None

    def _replace(self, entry: Entry, name: str | int, value: Node) -> str:
        """Another value in an entry's place: in lines of its own where the old one had some."""
        old, key = entry.value, entry.key
        if key is None:
            return self._swapped(layout.start(old), layout.end(old), values.one_line(value))
        if layout.is_block(old):
            done = self._replace_block(entry, value)
        else:
            quote = (old.style or values.PLAIN) if old.id == "scalar" and old.style not in ("|", ">") else ""
            written, begin = values.one_line(value, quote), layout.start(old)
            if old.id == "scalar" and not old.value and quote == values.PLAIN:  # nothing stood there
                done = self._swapped(self._colon(key), self._colon(key), f" {written}")
            else:
                done = self._swapped(begin, layout.end(old), written)
        if name == entry.name:
            return done
        return done[: layout.start(key)] + values.written_key(str(name)) + done[key.end_mark.index :]

    def _replace_block(self, entry: Entry, value: Node) -> str:
        colon, old = self._colon(entry.key), entry.value
        rest = self.text[colon : layout.line_end(self.text, colon)]  # a comment on the key's line
        after = self.text[layout.line_end(self.text, layout.end(old)) :]
        if isinstance(value.value, dict | tuple) and value.value:
            indent = layout.column(old)
            below = values.parts(value, indent, layout.indentation(self.document))
            return "\n".join([self.text[:colon] + rest, *below]) + after
        return f"{self.text[:colon]} {values.one_line(value)}{rest}{after}"

    def _in_place_of_nothing(self, path: KeyPath, at: int, node: Any, name: str | int, value: Node) -> str:
        """A mapping for a key that has none yet: `parameters:` with nothing behind it."""
        if node.id != "scalar" or node.value not in ("", "null", "~") or node.style in ("'", '"'):
            what = f"{format_path(path[:at])} is {node.value}" if node.id == "scalar" else format_path(path[:at])
            raise GraftError(f"{what} in {self.file}, which {format_path(path[at:])} cannot be set in", "set it whole")
        keys = [*(str(part) for part in path[at:-1]), str(name)]
        for key in reversed(keys):
            value = Node({key: value}, value.place)
        return self._replace(self.entry(path[:at]), self.entry(path[:at]).name, value)

    def _insert(self, node: Any, path: KeyPath, at: int, name: str | int, value: Node, order: Order) -> str:
        keys = [*(str(part) for part in path[at:-1]), str(name)]
        before = _before(layout.entries(node), str(path[at]), order(path[:at]))
        if layout.in_flow(node):
            return self._insert_in_flow(node, before, keys, value)
        listed, unit = layout.entries(node), layout.indentation(self.document)
        in_lines = layout.has_blocks(node)
        lines = "\n".join(values.nested(keys, value, layout.column(node), unit, in_lines))
        first = layout.line_start(self.text, layout.start(listed[0].key))
        if before is None and self.text[first : layout.start(listed[0].key)].strip() == "" and path[:at]:
            begin = layout.line_end(self.text, layout.start(self.entry(path[:at]).key))
        else:
            begin = layout.line_end(self.text, layout.end((before or listed[0]).value))
        return f"{self.text[:begin]}\n{lines}{self.text[begin:]}"

    def _insert_in_flow(self, node: Any, before: Entry | None, keys: Sequence[str], value: Node) -> str:
        written = values.one_line(value)
        for key in reversed(keys[1:]):
            written = f"{{{scalars.inside_flow(key)}: {written}}}"
        name = keys[0] if keys[0].startswith("~") else scalars.inside_flow(keys[0])
        written = f"{name}: {written}"
        listed = layout.entries(node)
        if before:
            return self._swapped(layout.end(before.value), layout.end(before.value), f", {written}")
        if listed:
            return self._swapped(layout.start(listed[0].key), layout.start(listed[0].key), f"{written}, ")
        return self._swapped(layout.start(node), layout.end(node), f"{{{written}}}")

    def _colon(self, key: Any) -> int:
        """The index after the colon behind a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def _swapped(self, begin: int, end: int, written: str) -> str:
        return self.text[:begin] + written + self.text[end:]


def _before(listed: list[Entry], name: str, order: Sequence[str]) -> Entry | None:
    """The entry that a new one goes behind; None for before all of them."""
    rank = {key: at for at, key in enumerate(order)}
    if name not in rank:
        return listed[-1] if listed else None
    earlier = [each for each in listed if rank.get(each.name.removeprefix("~"), -1) < rank[name]]
    return earlier[-1] if earlier else None


def _confirmed(before: str, after: str, file: str, change: Callable[[Any], None]) -> str:
    """The text after an edit, if it has the values that the edit was to give; GraftError where it does not."""
    wanted, made = plain(read_document(file, before).root), read_document(file, after)
    change(wanted)
    if not made.whole or plain(made.root) != wanted:
        raise GraftError(f"{file} is written in a way that this cannot be edited in", f"edit {file} by hand")
    return after


def _at(tree: Any, path: KeyPath) -> Any:
    for part in path:
        tree = tree[_key(tree, part)]
    return tree


def _key(tree: Any, part: str | int) -> str | int:
    return f"~{part}" if isinstance(tree, dict) and part not in tree and f"~{part}" in tree else part


def _put(tree: Any, path: KeyPath, name: str | int, value: Any) -> None:
    for part in path[:-1]:
        key = _key(tree, part)
        if isinstance(tree, dict) and tree.get(key) is None:
            tree[key] = {}
        tree = tree[key]
    if isinstance(tree, dict):
        tree.pop(_key(tree, path[-1]), None)
    tree[name] = value


def _drop(tree: Any, path: KeyPath) -> None:
    parent = _at(tree, path[:-1])
    del parent[_key(parent, path[-1])]
