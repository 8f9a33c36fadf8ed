"""Reads protobuf's description of its own messages: a FileDescriptorProto, as generated code carries it.

These thirty lines stand in for protobuf's library, whose import takes 120 ms where it has no compiled part; a test
holds what they read against it. Source: https://protobuf.dev/programming-guides/encoding/ and descriptor.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

LENGTH_DELIMITED, VARINT = 2, 0
_FIXED = {1: 8, 5: 4}


def members(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, value) of each field of a message: a number, or the bytes of a string or a message."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, position = _varint(data, position)
            yield number, value
        elif kind == LENGTH_DELIMITED:
            size, position = _varint(data, position)
            yield number, data[position : position + size]
            position += size
        else:
            position += _FIXED[kind]


def several(data: bytes, number: int) -> list[bytes]:
    """The values of a repeated field of strings or messages."""
    return [value for found, value in members(data) if found == number and isinstance(value, bytes)]


def text(data: bytes, number: int) -> str:
    """A field that is a string, "" where it is not set."""
    return next((value.decode() for value in several(data, number)), "")


def whole(data: bytes, number: int, default: int = 0) -> int:
    """A field that is a number."""
    return next((value for found, value in members(data) if found == number and isinstance(value, int)), default)


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
        shift += 7
