"""Builds a tree from YAML events one by one, and collects what YAML allows and an inventory does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read.scalars import Doubt, resolve
from generators.inventory.read.tree import Node
from generators.model import Finding, Place

MAX_DEPTH = 50
MAX_FINDINGS = 1_000
MAX_NESTED = 10  # references inside references
_REFERENCE_PART = re.compile(r"\\.|\$\{|\}")


class Stop(Exception):
    """The rest of the file cannot be read sensibly; the findings so far say why."""


def _nested(text: str) -> int:
    """How deep the references in a text stand inside one another."""
    deepest = depth = 0
    for part in _REFERENCE_PART.finditer(text) if "${" in text else ():
        depth += {"${": 1, "}": -1}.get(part[0], 0)
        deepest, depth = max(deepest, depth), max(depth, 0)
    return deepest


def _is_special(key: str) -> bool:
    """Whether a key is more to reclass than a name: `=key` is a constant, and `~` alone replaces nothing."""
    return key.startswith(("=", "~~")) or key in ("", "~")


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    place: Place
    key_place: Place | None
    items: dict[str, Node] | list[Node]
    key: str | None = None  # the key whose value comes next
    next_key_place: Place | None = None
    dropped: bool = False  # that value belongs to a key that was refused

    @property
    def wants_key(self) -> bool:
        return isinstance(self.items, dict) and self.key is None


@dataclass
class Builder:
    """Takes the events of one file; `finish` gives its tree, `findings` what is wrong with it."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _root: Node | None = None
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """One event of the parser; raises Stop where reading on makes no sense."""
        if isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def finish(self) -> Node | None:
        """The mapping at the top of the file, or None with a finding that says what is there instead."""
        place = Place(self.file)
        if self._root is None or self._root.value is None:
            fix = "write at least `parameters: {}`, or remove the file"
            if self.file.startswith("environments/"):
                fix = "restore it from Git, or begin with a copy of another environment"
            self._refuse("empty", place, "the file is empty", "", fix)
            return None
        if not isinstance(self._root.value, dict):
            self._refuse("top-level", self._root.place, "the file is not a mapping", "", "write `key: value`")
            return None
        return self._root

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        place = self._place(event)
        if event.version or event.tags:
            self._refuse("directive", place, "a % directive stands before the document", "", "remove the % line")
        if self._documents > 1:
            self._refuse("documents", place, "the file holds several documents", "---", "keep one document a file")
            raise Stop

    def _node(self, event: Any) -> None:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse("alias", place, "an alias stands here", f"*{event.anchor}", 'use a reference, "${a:b}"')
        else:
            self._refuse_extras(event, place)
        if self._stack and self._stack[-1].wants_key:
            self._key(event, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, place)
        else:
            is_scalar = isinstance(event, yaml.ScalarEvent)
            written = event.value if is_scalar and event.implicit[0] else ""
            self._add(Node(self._scalar(event, place) if is_scalar else None, place, self._key_place(), written))

    def _refuse_extras(self, event: Any, place: Place) -> None:
        if event.anchor is not None:
            self._refuse("alias", place, "an anchor stands here", f"&{event.anchor}", f"remove &{event.anchor}")
        if event.tag is not None:
            self._refuse("tag", place, "a tag stands here", event.tag, "remove the tag; write text in quotes")

    def _key(self, event: Any, place: Place) -> None:
        top = self._stack[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            fix = "put the key, or a value that begins with { or [, in quotes"
            self._refuse("key", place, "a list or mapping is used as a key", "", fix)
            raise Stop
        key = f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else event.value
        top.key, top.next_key_place = key, place
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_key(event, place)
        top.dropped = self._written_twice(top, key, place) or _is_special(key) or self._is_rest_of_number(top, key)

    def _refuse_key(self, event: yaml.ScalarEvent, place: Place) -> None:
        key = event.value
        value, doubt = resolve(key) if event.implicit[0] else (key, None)
        if key == "<<" and event.implicit[0]:
            self._refuse("merge-key", place, "a merge key stands here", "<<", "list a class, or write the keys out")
        elif self._is_rest_of_number(self._stack[-1], key):
            before = next(reversed(self._stack[-1].items.values())).value
            fix = f"write {before}{key}, without the comma, or a space after it and a key: value"
            self._refuse("key", place, "a comma ends a value, and this is taken for a key", f"{before},{key}", fix)
        elif doubt or not isinstance(value, str):
            kind = "readers disagree on this key" if doubt else "a key must be text"
            self._refuse("key", place, kind, f"{key}:", f'write "{key}": in quotes')
        elif _is_special(key):
            self._refuse("key", place, "this key has a special meaning to reclass", f"{key}:", "rename it")
        elif "${" in key:
            self._refuse("key", place, "a reference in a key is not resolved", f"{key}:", "write the key out")

    @staticmethod
    def _is_rest_of_number(top: _Open, key: str) -> bool:
        """Whether a key is what follows a comma in a number, such as the 000 of 1,000."""
        before = next(reversed(top.items.values())).value if isinstance(top.items, dict) and top.items else None
        return type(before) is int and bool(re.fullmatch(r"[0-9]{3}", key))

    def _written_twice(self, top: _Open, key: str, place: Place) -> bool:
        bare = key.removeprefix("~")
        first = top.items.get(bare) or top.items.get(f"~{bare}")
        if first is None:
            return False
        message = f"{bare} is written twice: in line {first.entry_place.line} and in line {place.line}"
        self._refuse("duplicate-key", place, message, f"{key}:", "keep one of them")
        return True

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Any:
        if _nested(event.value) > MAX_NESTED:
            fix = "refer to a value by fewer steps"
            self._refuse("reference-depth", place, f"references nested deeper than {MAX_NESTED} levels", "", fix)
            return ""
        if "\0" in event.value:
            message = "a zero byte stands in this text, which no variable, name or address can hold"
            self._refuse("control-character", place, message, "\\0", "remove it")
            return event.value.replace("\0", "")
        if not event.implicit[0]:
            return event.value
        value, doubt = resolve(event.value)
        if doubt:
            self._doubt(doubt, place, event.value)
        return value

    def _doubt(self, doubt: Doubt, place: Place, found: str) -> None:
        self._refuse(doubt.rule, place, doubt.why, found, doubt.fix)

    def _open(self, event: Any, place: Place) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._refuse("depth", place, f"nested deeper than {MAX_DEPTH} levels", "", "flatten it")
            raise Stop
        items: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Open(place, self._key_place(), items))

    def _close(self) -> None:
        done = self._stack.pop()
        value = tuple(done.items) if isinstance(done.items, list) else done.items
        self._add(Node(value, done.place, done.key_place))

    def _add(self, node: Node) -> None:
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if isinstance(top.items, list):
            top.items.append(node)
            return
        if not top.dropped:
            top.items[top.key] = node
        top.key, top.dropped = None, False

    def _key_place(self) -> Place | None:
        return self._stack[-1].next_key_place if self._stack else None

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _path(self) -> KeyPath:
        return tuple(len(level.items) if isinstance(level.items, list) else level.key or "" for level in self._stack)

    def _refuse(self, rule: str, place: Place, message: str, found: str, fix: str) -> None:
        path = format_path(tuple(part for part in self._path() if part != ""))
        self.findings.append(Finding("invalid", "read", rule, place, path, message, found=found, fix=fix))
        if len(self.findings) == MAX_FINDINGS:
            message = f"the file has more than {MAX_FINDINGS} of such mistakes, and is not read on"
            self.findings.append(Finding("invalid", "read", "mistakes", place, "", message, fix="mend these first"))
            raise Stop
