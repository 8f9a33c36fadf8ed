"""CEL's values as Python's, and what cel-go says of two of them.

null, bool, int, double, string, bytes, list, map    None, bool, int, float, str, bytes, list, dict
uint, timestamp, duration, type, optional            the classes below
the types of Kubernetes' libraries                   an Opaque each

Source of equality and order: common/types of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import datetime
import json
import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from generators.cel.errors import EvaluationError, no_overload

MIN_INT, MAX_INT, MAX_UINT = -(2**63), 2**63 - 1, 2**64 - 1
SECOND = 10**9
_MANY_DIGITS = re.compile(r"(?:^|[ \[-])\d{19}|-9\.223372036854776e\+18")  # of a number in JSON, not of a digest
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Uint(int):
    """An unsigned integer of 64 bits."""


@dataclass(frozen=True)
class Duration:
    """A span of time, in nanoseconds."""

    nanoseconds: int


@dataclass(frozen=True)
class Timestamp:
    """A moment, in nanoseconds since 1970; `offset` is that of the zone that it was written in, in seconds."""

    nanoseconds: int
    offset: int = 0


@dataclass(frozen=True)
class TypeValue:
    """A type as a value."""

    name: str


@dataclass(frozen=True)
class Optional:
    """A value that may be missing."""

    value: Any = None
    present: bool = True


NONE = Optional(None, False)


class Opaque:
    """A value of a type that a library brings."""

    type_name: ClassVar[str] = ""


_NAMES: dict[type, str] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    Uint: "uint",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    Duration: "google.protobuf.Duration",
    Timestamp: "google.protobuf.Timestamp",
    TypeValue: "type",
    Optional: "optional_type",
}
_NUMBERS = (int, float, Uint)


def type_name(value: Any) -> str:
    """The name of a value's type."""
    return _NAMES.get(type(value)) or value.type_name


def settled(value: Any) -> bool:
    """Whether every evaluator holds a value as it is: JSON without NUL characters, or numbers at the ends of int."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        return False
    return "\\u0000" not in text and not _MANY_DIGITS.search(text)


def from_python(value: Any) -> Any:
    """What was read from JSON as CEL has it: integers beyond 64 bits are doubles, and times are times."""
    return value if settled(value) else _converted(value)


def _converted(value: Any) -> Any:
    kind = type(value)
    if kind is int and not MIN_INT <= value <= MAX_INT:
        return float(value)
    if kind is list or kind is tuple:
        return [_converted(item) for item in value]
    if kind is dict:
        return {key: _converted(item) for key, item in value.items()}
    if kind is datetime.datetime:
        offset = value.utcoffset() or datetime.timedelta()
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return Timestamp(_nanoseconds(moment - _EPOCH), int(offset.total_seconds()))
    return Duration(_nanoseconds(value)) if kind is datetime.timedelta else value


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; raises where an opaque value is held against another type."""
    kind, other = type(left), type(right)
    if left is None or right is None:
        return left is right
    if kind in _NUMBERS and other in _NUMBERS:
        left, right = _alike(left, right)
        return left == right
    if isinstance(left, Opaque):
        return _equal_opaque(left, right)
    if kind is not other:
        return False
    if kind is list:
        return len(left) == len(right) and not any(map(_unequal, left, right))
    if kind is dict:
        return len(left) == len(right) and all(
            key in right and not _unequal(value, right[key]) for key, value in left.items()
        )
    if kind is Optional:
        return left.present == right.present and (not left.present or equal(left.value, right.value))
    return left.nanoseconds == right.nanoseconds if kind is Timestamp else left == right


def compare(left: Any, right: Any) -> int:
    """-1, 0 or 1, as one value is less than another of its kind, equal to it, or greater."""
    kind, other = type(left), type(right)
    if kind in _NUMBERS and other in _NUMBERS:
        if math.isnan(left) or math.isnan(right):
            raise EvaluationError("NaN values cannot be ordered")
        left, right = _alike(left, right)
    elif kind is not other:
        raise no_overload()
    if kind in (Duration, Timestamp):
        left, right = left.nanoseconds, right.nanoseconds
    elif kind is str:
        left, right = left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
    return (left > right) - (left < right)


def comparable(value: Any) -> bool:
    """Whether values of its type have an order."""
    return type(value) in (bool, bytes, float, Duration, int, str, Timestamp, Uint)


def key_of(key: Any, entries: dict[Any, Any]) -> Any:
    """The key of a map that a value stands for, None where it has none; numbers are one key whatever their type."""
    kind = type(key)
    if kind is str:
        return key if key in entries else None
    if (kind is not bool and kind not in _NUMBERS) or (kind is float and key == MIN_INT):  # cel-go: not -2^63
        return None
    alike = (bool,) if kind is bool else _NUMBERS
    return next((each for each in entries if type(each) in alike and each == key), None)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Two numbers to compare: beside a double an integer is one too."""
    return (float(left), float(right)) if float in (type(left), type(right)) else (left, right)


def _unequal(left: Any, right: Any) -> bool:
    """Inside a list or a map an error counts as equal, as in cel-go."""
    try:
        return not equal(left, right)
    except EvaluationError:
        return False


def _equal_opaque(left: Opaque, right: Any) -> bool:
    if type(left) is not type(right):
        raise no_overload()
    return left == right


def _nanoseconds(span: datetime.timedelta) -> int:
    return (span.days * 86400 + span.seconds) * SECOND + span.microseconds * 1000
