"""Reads the JSON or YAML of a compiled pipeline into trees with lines, whoever wrote it.

Nothing here goes down into itself, so no depth of the text ends the process: the events of the text are taken one by
one. What readers of KFP would not all take alike is a finding, and the rest is read on for others. Plain scalars are
what YAML 1.1 says, as for kfp, which writes and reads these files with PyYAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from generators.ir.validate.problem import name_of
from generators.model import Finding, Place

DEEPEST = 200  # levels; what a person may write in a pipeline has 100 at the most, and kfp compiles some 20
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s,:{}\[\]"]+')
_LONGEST_NUMBER = 400  # characters; the largest double has 309 digits
_NUMBER = re.compile(r"[-+]?[0-9][0-9_:.]*")  # in base 60 too
_MOST_DOCUMENTS, _MOST_FINDINGS = 10_000, 1_000
_DIGITS = "write it in quotes, or take a number that JSON can hold"
_SYNTAX = "correct it, or give what kfp's compiler writes"


@dataclass(slots=True)
class Node:
    """A value and the line it begins at: a scalar, a list of nodes, or a mapping of a key to its line and its node."""

    value: Any
    line: int


Event = tuple[str, Any, int]  # open ({} or []), close, scalar, number or key and its value; and the line


def read(text: str, name: str) -> tuple[list[Node], list[Finding]]:
    """The documents of `text`, called `name`, as far as it can be read, and what is wrong with how it is written."""
    builder = _Builder(name)
    source = _json_events if _is_json(text) else _yaml_events
    try:
        for kind, value, line in source(text):
            builder.take(kind, value, line)
    except _Stop as stop:
        builder.refuse(*stop.args)
    return builder.roots, builder.findings


def plain(node: Node) -> Any:
    """The value without lines, as ordinary dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, (_, child) in node.value.items()}
    return [plain(child) for child in node.value] if isinstance(node.value, list) else node.value


class _Stop(Exception):
    """The rest cannot be read; the arguments are those of `refuse`."""


@dataclass
class _Builder:
    """Takes the events of one text; `roots` are its documents, `findings` what is wrong with it."""

    file: str
    roots: list[Node] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _open: list[Node] = field(default_factory=list)
    _keys: list[tuple[Any, int] | None] = field(default_factory=list)  # that of each open mapping whose value comes

    def take(self, kind: str, value: Any, line: int) -> None:
        """One event; raises _Stop where reading on makes no sense."""
        if kind == "close":
            self._open.pop()
            self._keys.pop()
        elif kind == "refused":
            self.refuse(line, *value)
        elif self._open and isinstance(self._open[-1].value, dict) and self._keys[-1] is None:
            self._key(kind, value, line)
        else:
            node = Node(value, line)
            self._add(node)
            if kind == "open":
                if len(self._open) >= DEEPEST:
                    raise _Stop(line, "depth", f"is nested deeper than {DEEPEST} levels", "", "flatten it")
                self._open.append(node)
                self._keys.append(None)

    def refuse(self, line: int, rule: str, message: str, found: str, fix: str) -> None:
        self.findings.append(Finding("invalid", "read", rule, Place(self.file, line), "", message, found, fix=fix))
        if len(self.findings) == _MOST_FINDINGS:
            message = f"has more than {_MOST_FINDINGS} of such mistakes, and is not read on"
            raise _Stop(line, "mistakes", message, "", "mend these first")

    def _key(self, kind: str, value: Any, line: int) -> None:
        if kind == "open":
            raise _Stop(line, "key", "a list or mapping is used as a key", "", "write a name before the colon")
        known = self._open[-1].value
        if value in known:
            first = known[value][0]
            message = f"{name_of(value)} is written twice: in line {first} and in line {line}"
            self.refuse(line, "duplicate-key", message, name_of(value), "keep one of them")
            value = _Twice(value)
        self._keys[-1] = (value, line)

    def _add(self, node: Node) -> None:
        if not self._open:
            if len(self.roots) == _MOST_DOCUMENTS:
                message = f"holds more than {_MOST_DOCUMENTS} documents"
                raise _Stop(node.line, "documents", message, "", "split it into several files")
            self.roots.append(node)
        elif isinstance(self._open[-1].value, list):
            self._open[-1].value.append(node)
        else:
            key, line = self._keys[-1]
            self._keys[-1] = None
            if not isinstance(key, _Twice):
                self._open[-1].value[key] = (line, node)


@dataclass(frozen=True)
class _Twice:
    """A key that is there already; its value is read and forgotten."""

    key: Any


def _is_json(text: str) -> bool:
    """Whether a text is JSON; YAML's flow style begins alike."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text, parse_int=len)
    except RecursionError:  # what is too deep is found where it is
        return True
    except ValueError:
        return False
    return True


def _json_events(text: str) -> Iterator[Event]:
    line = position = 0
    for token in _TOKEN.finditer(text):
        line, position = line + text.count("\n", position, token.start()), token.start()
        word = token[0]
        if word in "{[":
            yield "open", {} if word == "{" else [], line + 1
        elif word in "}]":
            yield "close", None, line + 1
        else:
            yield _scalar(word, line + 1, json.loads)


def _scalar(text: str, line: int, read: Callable[[str], Any]) -> Event:
    if len(text) > _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        found = f"{text[:20]}... of {len(text)} digits"
        raise _Stop(line, "number-range", "a number that no reader of KFP can hold", found, _DIGITS)
    return "scalar", read(text), line


def _yaml_events(text: str) -> Iterator[Event]:
    scalars = _Scalars()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.NodeEvent):
                yield from _yaml_node(event, scalars)
            elif isinstance(event, yaml.CollectionEndEvent):
                yield "close", None, event.start_mark.line + 1
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"U+{error.character:04X}" if isinstance(error.character, int) else repr(error.character)
        raise _Stop(line, "control-character", "holds a character that YAML does not allow", found, _SYNTAX) from None
    except yaml.YAMLError as error:
        raise _Stop(*_syntax(text, error)) from None


def _yaml_node(event: Any, scalars: _Scalars) -> Iterator[Event]:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        yield "refused", ("alias", "has YAML aliases, which kfp does not write", f"*{event.anchor}", _SYNTAX), line
        yield "scalar", None, line
        return
    if event.tag is not None:
        yield "refused", ("tag", "a tag stands here, which kfp does not write", event.tag, "remove the tag"), line
    if isinstance(event, yaml.CollectionStartEvent):
        yield "open", {} if isinstance(event, yaml.MappingStartEvent) else [], line
    elif event.tag is not None or not event.implicit[0]:
        yield "scalar", event.value, line
    else:
        yield from scalars.events(event.value, line)


class _Scalars:
    """What plain scalars are, as PyYAML's safe loader has it."""

    def __init__(self) -> None:
        self._resolver, self._constructor = yaml.resolver.Resolver(), yaml.constructor.SafeConstructor()

    def events(self, text: str, line: int) -> Iterator[Event]:
        if text == "<<":
            yield "refused", ("merge-key", "a merge key stands here", "<<", "write the keys out"), line
            yield "scalar", text, line
            return
        try:
            yield _scalar(text, line, self._value)
        except (ValueError, OverflowError, yaml.YAMLError) as error:
            why = str(error).partition("\n")[0]
            yield "refused", ("scalar", f"cannot be read: {why}", text[:80], "write it in quotes"), line
            yield "scalar", text, line

    def _value(self, text: str) -> Any:
        tag = self._resolver.resolve(yaml.ScalarNode, text, (True, False))
        if tag == yaml.resolver.Resolver.DEFAULT_SCALAR_TAG:
            return text
        return self._constructor.construct_object(yaml.ScalarNode(tag, text))


def _syntax(text: str, error: yaml.YAMLError) -> tuple[int, str, str, str, str]:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    lines = text.split("\n")
    line = min(mark.line + 1, len(lines)) if mark else 1
    return line, "syntax", f"is neither YAML nor JSON: {problem}", lines[line - 1].strip()[:80], _SYNTAX
