"""Literals of the well-known messages of Protocol Buffers, `google.protobuf.Int32Value{value: 1}`, as cel-go has them.

A wrapper is the value in it, and one without a value that of its type. Of the others only Duration and Timestamp are
made; which value cel-go makes of an Any, a Struct or a Value is not known here, nor what it says of one out of range.

Source: common/types/pb and provider.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from generators.cel.errors import NotKnown
from generators.cel.values import SECOND, Duration, Timestamp, Uint

PREFIX = "google.protobuf."
Fields = Mapping[str, Any]


def _wrapper(kind: type, low: int | None = None, high: int = 0) -> Callable[[Fields], Any]:
    def made(fields: Fields) -> Any:
        value = fields.get("value", kind())
        if type(value) is not kind or (low is not None and not low <= value <= high):
            raise ValueError
        return value

    return made


def _float(fields: Fields) -> float:
    """A double, as one of 32 bits has it."""
    (value,) = struct.unpack("<f", struct.pack("<f", _wrapper(float)(fields)))
    return value


def _span(fields: Fields, least: int, most: int) -> int:
    seconds, nanoseconds = fields.get("seconds", 0), fields.get("nanos", 0)
    if type(seconds) is not int or type(nanoseconds) is not int:
        raise ValueError
    if not (least <= seconds <= most and abs(nanoseconds) < SECOND):
        raise ValueError
    return seconds * SECOND + nanoseconds


_LONGEST = (2**63 - 1) // SECOND - 1
_MAKERS: dict[str, Callable[[Fields], Any]] = {
    "BoolValue": _wrapper(bool),
    "BytesValue": _wrapper(bytes),
    "DoubleValue": _wrapper(float),
    "Duration": lambda fields: Duration(_span(fields, -_LONGEST, _LONGEST)),
    "FloatValue": _float,
    "Int32Value": _wrapper(int, -(2**31), 2**31 - 1),
    "Int64Value": _wrapper(int),
    "StringValue": _wrapper(str),
    "Timestamp": lambda fields: Timestamp(_span(fields, -62135596800, 253402300799)),
    "UInt32Value": _wrapper(Uint, 0, 2**32 - 1),
    "UInt64Value": _wrapper(Uint),
}


def maker(name: str) -> Callable[[Fields], Any]:
    """What makes the value of a message of that name from its fields; raises NotKnown of one that is not made here."""
    make = _MAKERS.get(name.removeprefix(PREFIX))
    if make is None:
        raise NotKnown(f"what a cluster makes of a literal of {name} is not known here")

    def made(fields: Fields) -> Any:
        try:
            return make(fields)
        except (ValueError, OverflowError):
            raise NotKnown(f"what a cluster makes of this {name} is not known here") from None

    return made
