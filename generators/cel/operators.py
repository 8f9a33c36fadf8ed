"""CEL's operators on values, with cel-go's errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from generators.cel.errors import EvaluationError, no_overload
from generators.cel.values import (
    MAX_INT,
    MAX_UINT,
    MIN_INT,
    SECOND,
    Duration,
    Timestamp,
    Uint,
    comparable,
    compare,
    equal,
    key_of,
)

FIRST, LAST = -62135596800 * SECOND, 253402300800 * SECOND - 1  # of the years 1 and 9999
_RECEIVERS = (str, Timestamp, Duration)  # their methods are looked up, so their errors name no function


def whole(value: int) -> int:
    """An integer that fits 64 bits."""
    if not MIN_INT <= value <= MAX_INT:
        raise EvaluationError("integer overflow")
    return value


def unsigned(value: int) -> Uint:
    """An unsigned integer that fits 64 bits."""
    if not 0 <= value <= MAX_UINT:
        raise EvaluationError("unsigned integer overflow")
    return Uint(value)


def duration(nanoseconds: int) -> Duration:
    """A duration that fits 64 bits."""
    if not MIN_INT <= nanoseconds <= MAX_INT:
        raise EvaluationError("integer overflow")
    return Duration(nanoseconds)


def timestamp(nanoseconds: int, offset: int = 0) -> Timestamp:
    """A timestamp between the years 1 and 9999."""
    if not FIRST <= nanoseconds <= LAST:
        raise EvaluationError("timestamp overflow")
    return Timestamp(nanoseconds, offset)


def add(left: Any, right: Any) -> Any:
    """`left + right`."""
    kind, other = _taken("_+_", left, (int, Uint, float, str, bytes, list, Duration, Timestamp)), type(right)
    if (kind, other) == (Duration, Timestamp):
        return timestamp(right.nanoseconds + left.nanoseconds, right.offset)
    if (kind, other) == (Timestamp, Duration):
        return timestamp(left.nanoseconds + right.nanoseconds, left.offset)
    if kind is not other or kind is Timestamp:
        raise no_overload()
    if kind is Duration:
        return duration(left.nanoseconds + right.nanoseconds)
    return _bounded(kind, left + right)


def subtract(left: Any, right: Any) -> Any:
    """`left - right`."""
    kind, other = _taken("_-_", left, (int, Uint, float, Duration, Timestamp)), type(right)
    if (kind, other) == (Timestamp, Duration):
        return timestamp(left.nanoseconds - right.nanoseconds, left.offset)
    if kind is not other:
        raise no_overload()
    if kind in (Duration, Timestamp):
        return duration(left.nanoseconds - right.nanoseconds)
    return _bounded(kind, int(left) - int(right) if kind is Uint else left - right)


def multiply(left: Any, right: Any) -> Any:
    """`left * right`."""
    kind = _taken("_*_", left, (int, Uint, float))
    if kind is not type(right):
        raise no_overload()
    return _bounded(kind, left * right)


def divide(left: Any, right: Any) -> Any:
    """`left / right`, towards zero."""
    kind = _taken("_/_", left, (int, Uint, float))
    if kind is not type(right):
        raise no_overload()
    if kind is float:
        return _divided(left, right)
    if right == 0:
        raise EvaluationError("division by zero")
    return _bounded(kind, abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1))


def modulo(left: Any, right: Any) -> Any:
    """`left % right`, of the sign of `left`."""
    kind = _taken("_%_", left, (int, Uint))
    if kind is not type(right):
        raise no_overload()
    if right == 0:
        raise EvaluationError("modulus by zero")
    if (left, right) == (MIN_INT, -1):
        raise EvaluationError("integer overflow")
    return _bounded(kind, abs(left) % abs(right) * (-1 if left < 0 else 1))


def negate(value: Any) -> Any:
    """`-value`."""
    if type(value) is bool:
        raise no_overload()
    kind = _taken("-_", value, (int, float, Duration))
    return duration(-value.nanoseconds) if kind is Duration else _bounded(kind, -value)


def invert(value: Any) -> bool:
    """`!value`."""
    if type(value) is not bool:
        raise no_overload()
    return not value


def contained(item: Any, container: Any) -> bool:
    """`item in container`."""
    if type(container) is dict:
        return key_of(item, container) is not None
    if type(container) is not list:
        raise no_overload()
    return any(same(item, each) for each in container)


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, an error being no."""
    try:
        return equal(left, right)
    except EvaluationError:
        return False


def size(value: Any) -> int:
    """`size(value)`."""
    return len(_sized(value))


def _sized(value: Any) -> Any:
    _taken("size", value, (str, bytes, list, dict))
    return value


def _ordered(function: str, holds: Callable[[int], bool]) -> Callable[[Any, Any], bool]:
    def order(left: Any, right: Any) -> bool:
        if not comparable(left):
            raise no_overload(function)
        return holds(compare(left, right))

    return order


def not_taken(function: str, value: Any) -> EvaluationError:
    """The error of a value that has nothing that a function needs; that of a value with methods names no function."""
    return no_overload() if type(value) in _RECEIVERS else no_overload(function)


def _taken(function: str, value: Any, kinds: tuple[type, ...]) -> type:
    """The type of a value that an operator takes; what it does not take is told as cel-go does."""
    kind = type(value)
    if kind not in kinds:
        raise not_taken(function, value)
    return kind


def _bounded(kind: type, value: Any) -> Any:
    return whole(value) if kind is int else unsigned(value) if kind is Uint else value


def _divided(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


UNARY: dict[str, Callable[[Any], Any]] = {"-_": negate, "!_": invert, "size": size}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "_+_": add,
    "_-_": subtract,
    "_*_": multiply,
    "_/_": divide,
    "_%_": modulo,
    "_<_": _ordered("_<_", lambda order: order < 0),
    "_<=_": _ordered("_<=_", lambda order: order <= 0),
    "_>_": _ordered("_>_", lambda order: order > 0),
    "_>=_": _ordered("_>=_", lambda order: order >= 0),
    "@in": contained,
}
