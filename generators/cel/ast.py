"""Expressions as trees, read from what Google's CEL serializes.

Source of the format: cel/expr/syntax.proto and cel/expr/checked.proto of https://github.com/google/cel-spec.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Constant:
    """A literal: `kind` is null, bool, int, uint, double, string or bytes."""

    id: int
    kind: str
    value: Any


@dataclass(frozen=True)
class Ident:
    """A name, of a variable or a type."""

    id: int
    name: str


@dataclass(frozen=True)
class Select:
    """A field of an operand, or whether it is there (`test_only`, the macro `has`)."""

    id: int
    operand: Node
    name: str
    test_only: bool = False


@dataclass(frozen=True)
class Call:
    """A function or an operator (`_+_`) of its arguments; a method has a `target`."""

    id: int
    function: str
    args: tuple[Node, ...]
    target: Node | None = None


@dataclass(frozen=True)
class ListOf:
    """A list of elements; those at the indices `optional` are left out where they have no value."""

    id: int
    elements: tuple[Node, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True)
class MapOf:
    """A map of (key, value, whether the value is optional); `message` is the type's name of a message, else empty."""

    id: int
    entries: tuple[tuple[Any, Node, bool], ...]
    message: str = ""


@dataclass(frozen=True)
class Comprehension:
    """What a macro over a list or a map comes to: `result` after `step` for each item, while `condition` holds."""

    id: int
    iter_var: str
    iter_range: Node
    accu_var: str
    accu_init: Node
    condition: Node
    step: Node
    result: Node
    iter_var2: str = ""


Node = Constant | Ident | Select | Call | ListOf | MapOf | Comprehension


@dataclass(frozen=True)
class Tree:
    """An expression; of one whose types are checked also what each node refers to and the type that it has.

    `overloads` holds the ids of the overloads that a call may mean, `names` what an Ident or a Select refers to, both
    by the node's id; a type is a text such as `list<string>`.
    """

    root: Node
    overloads: dict[int, tuple[str, ...]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)


def read(serialized: bytes) -> Tree:
    """The tree of an `Expression.serialize()`, checked or parsed."""
    outer = _message(serialized)
    message = _message(outer[2][0])
    if outer[1][0].endswith(b"ParsedExpr"):
        return Tree(_node(message[2][0]), positions=_positions(message.get(3)))
    references = {key: _message(value) for key, value in _entries(message.get(2, ()))}
    return Tree(
        _node(message[4][0]),
        {key: tuple(map(_text, value[3])) for key, value in references.items() if 3 in value},
        {key: _text(value[1][0]) for key, value in references.items() if 1 in value and 3 not in value},
        {key: _type(value) for key, value in _entries(message.get(3, ()))},
        _positions(message.get(5)),
    )


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below one."""
    if isinstance(node, Select):
        return (node.operand,)
    if isinstance(node, Call):
        return (*([node.target] if node.target else []), *node.args)
    if isinstance(node, ListOf):
        return node.elements
    if isinstance(node, MapOf):
        keys = [] if node.message else [key for key, _, _ in node.entries]
        return (*keys, *(value for _, value, _ in node.entries))
    if isinstance(node, Comprehension):
        return node.iter_range, node.accu_init, node.condition, node.step, node.result
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and every one below it."""
    yield node
    for child in children(node):
        yield from walk(child)


_PRIMITIVES = ("", "bool", "int", "uint", "double", "string", "bytes")
_WELL_KNOWN = ("", "any", "google.protobuf.Timestamp", "google.protobuf.Duration")
_CONSTANTS = {1: "null", 2: "bool", 3: "int", 4: "uint", 5: "double", 6: "string", 7: "bytes"}


def _node(data: bytes) -> Node:
    message = _message(data)
    number = message.get(2, [0])[0]
    for key, read_kind in _KINDS.items():
        if key in message:
            return read_kind(number, _message(message[key][0]))
    raise ValueError("an expression of no kind")


def _constant(number: int, message: dict[int, list[Any]]) -> Constant:
    ((key, (value, *_)),) = message.items()
    kind = _CONSTANTS[key]
    if kind == "int":
        value -= (value >> 63) << 64
    elif kind == "double":
        (value,) = struct.unpack("<d", value)
    elif kind == "string":
        value = _text(value)
    return Constant(number, kind, {"null": None, "bool": bool(value) if kind == "bool" else None}.get(kind, value))


def _select(number: int, message: dict[int, list[Any]]) -> Select:
    return Select(number, _node(message[1][0]), _text(message[2][0]), bool(message.get(3, [0])[0]))


def _call(number: int, message: dict[int, list[Any]]) -> Call:
    target = _node(message[1][0]) if 1 in message else None
    return Call(number, _text(message[2][0]), tuple(map(_node, message.get(3, ()))), target)


def _list(number: int, message: dict[int, list[Any]]) -> ListOf:
    optional = [index for part in message.get(2, ()) for index in ([part] if isinstance(part, int) else _varints(part))]
    return ListOf(number, tuple(map(_node, message.get(1, ()))), frozenset(optional))


def _struct(number: int, message: dict[int, list[Any]]) -> MapOf:
    entries = []
    for each in map(_message, message.get(2, ())):
        key = _node(each[3][0]) if 3 in each else _text(each[2][0])
        entries.append((key, _node(each[4][0]), bool(each.get(5, [0])[0])))
    return MapOf(number, tuple(entries), _text(message.get(1, [b""])[0]))


def _comprehension(number: int, message: dict[int, list[Any]]) -> Comprehension:
    name = {key: _text(message.get(key, [b""])[0]) for key in (1, 3, 8)}
    part = {key: _node(message[key][0]) for key in (2, 4, 5, 6, 7)}
    return Comprehension(number, name[1], part[2], name[3], part[4], part[5], part[6], part[7], name[8])


_KINDS = {
    3: _constant,
    4: lambda number, message: Ident(number, _text(message[1][0])),
    5: _select,
    6: _call,
    7: _list,
    8: _struct,
    9: _comprehension,
}


def _type(data: bytes) -> str:
    message = _message(data)
    key, (value, *_) = next(iter(message.items()), (1, [b""]))
    if key == 2:
        return "null_type"
    if key in (3, 4):
        return _PRIMITIVES[value] if key == 3 else f"wrapper({_PRIMITIVES[value]})"
    if key == 5:
        return _WELL_KNOWN[value]
    if key in (6, 7):
        inner = [_type(part[0]) for _, part in sorted(_message(value).items())]
        return f"{'list' if key == 6 else 'map'}({', '.join(inner)})"
    if key in (9, 10):
        return _text(value)
    if key == 14:
        abstract = _message(value)
        inner = ", ".join(map(_type, abstract.get(2, ())))
        return _text(abstract[1][0]) + (f"({inner})" if inner else "")
    return "type" if key == 11 else "dyn"


def _positions(data: list[bytes] | None) -> dict[int, int]:
    entries = map(_message, _message(data[0]).get(4, ())) if data else ()
    return {entry[1][0]: entry.get(2, [0])[0] for entry in entries}


def _entries(items: Any) -> Iterator[tuple[int, bytes]]:
    for entry in map(_message, items):
        yield entry[1][0], entry.get(2, [b""])[0]


def _message(data: bytes) -> dict[int, list[Any]]:
    """A message of Protocol Buffers: for each field its values, a number, or bytes of what is not one."""
    found: dict[int, list[Any]] = {}
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        if tag & 7 == 0:
            value, place = _varint(data, place)
        else:
            length, place = (8, place) if tag & 7 == 1 else _varint(data, place)
            value, place = data[place : place + length], place + length
        found.setdefault(tag >> 3, []).append(value)
    return found


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7


def _varints(data: bytes) -> Iterator[int]:
    place = 0
    while place < len(data):
        value, place = _varint(data, place)
        yield value


def _text(value: bytes) -> str:
    return value.decode("utf-8")
