"""CEL's standard functions besides its operators: strings and conversions.

Source: common/stdlib and common/types of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from generators.cel.errors import EvaluationError, no_overload
from generators.cel.go_text import general
from generators.cel.libraries import regex
from generators.cel.libraries.times import written_duration, written_timestamp
from generators.cel.library import Function, Library, member, plain
from generators.cel.operators import FIRST, LAST, not_taken, size, unsigned, whole
from generators.cel.times import duration_of, timestamp_of
from generators.cel.values import MAX_INT, MAX_UINT, MIN_INT, SECOND, Timestamp, TypeValue, Uint, type_name

_SIGNED, _UNSIGNED = re.compile(r"[+-]?[0-9]+"), re.compile(r"[0-9]+")
_DIGITS = r"[0-9](_?[0-9])*"
_FLOAT = re.compile(
    rf"[+-]?({_DIGITS}(\.({_DIGITS})?)?|\.{_DIGITS})(e[+-]?{_DIGITS})?|[+-]?(inf|infinity)|nan", re.ASCII | re.I
)
_HEXADECIMAL = re.compile(r"[+-]?0x_?[0-9a-f]*(?:_[0-9a-f]+)*(\.[0-9a-f]*)?p[+-]?[0-9]+", re.ASCII | re.I)
_BOOLEANS = {word: word in ("1", "t", "T", "TRUE", "true", "True") for word in (
    "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
)}  # fmt: skip


def conversion(value: Any, target: str) -> EvaluationError:
    """The error of a value that has no counterpart in a type."""
    return EvaluationError(f"type conversion error from '{type_name(value)}' to '{target}'")


def _whole_of_text(text: str) -> int:
    if not _SIGNED.fullmatch(text) or not MIN_INT <= int(text) <= MAX_INT:
        raise conversion(text, "int")
    return int(text)


def _unsigned_of_text(text: str) -> Uint:
    if not _UNSIGNED.fullmatch(text) or int(text) > MAX_UINT:
        raise conversion(text, "uint")
    return Uint(text)


def _whole_of_double(value: float) -> int:
    if not math.isfinite(value) or not MIN_INT < value < MAX_INT:
        raise EvaluationError("integer overflow")
    return int(value)


def _unsigned_of_double(value: float) -> Uint:
    if not math.isfinite(value) or not 0 <= value < 2**64:
        raise EvaluationError("unsigned integer overflow")
    return Uint(value)


def _double_of_text(text: str) -> float:
    try:
        if _HEXADECIMAL.fullmatch(text):
            return float.fromhex(text.replace("_", ""))
        number = float(text) if _FLOAT.fullmatch(text) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or (math.isinf(number) and "n" not in text.lower()):
        raise conversion(text, "double")
    return number


def _boolean_of_text(text: str) -> bool:
    if text not in _BOOLEANS:
        raise conversion(text, "bool")
    return _BOOLEANS[text]


def _text_of_bytes(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError("invalid UTF-8 in bytes, cannot convert to string") from None


def _timestamp_of_whole(seconds: int) -> Timestamp:
    if not FIRST <= seconds * SECOND <= LAST:
        raise EvaluationError("timestamp overflow")
    return Timestamp(seconds * SECOND)


def _parsed(parse: Callable[[str], Any], target: str, text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise conversion(text, target) from None


def _on_text(holds: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def check(text: Any, part: Any) -> bool:
        if type(text) is not str or type(part) is not str:
            raise no_overload()
        return holds(text, part)

    return check


def _matches(text: Any, pattern: Any) -> bool:
    if type(text) is not str:
        raise not_taken("matches", text)
    if type(pattern) is not str:
        raise no_overload()
    return regex.compiled(pattern).search(text) is not None


def _itself(value: Any) -> Any:
    return value


def _to(target: str, *rows: tuple[str, str, Callable[[Any], Any]]) -> Function:
    overloads = (plain(id, parameter, target, call) for id, parameter, call in rows)
    return Function(target, tuple(overloads))


_STRING = (
    ("string_to_string", "string", _itself),
    ("bool_to_string", "bool", lambda value: "true" if value else "false"),
    ("bytes_to_string", "bytes", _text_of_bytes),
    ("double_to_string", "double", general),
    ("duration_to_string", "duration", written_duration),
    ("int64_to_string", "int", str),
    ("timestamp_to_string", "timestamp", written_timestamp),
    ("uint64_to_string", "uint", lambda value: str(int(value))),
)

LIBRARY = Library(
    0,
    (
        Function(
            "contains", (member("contains_string", "string string", "bool", _on_text(lambda a, b: b in a)),), False
        ),
        Function("endsWith", (member("ends_with_string", "string string", "bool", _on_text(str.endswith)),), False),
        Function(
            "startsWith", (member("starts_with_string", "string string", "bool", _on_text(str.startswith)),), False
        ),
        Function("matches", (member("matches_string", "string string", "bool", _matches),), False),
        Function("size", (plain("size", "~A", "int", size),), False),
        Function("dyn", (plain("to_dyn", "~A", "dyn", _itself),), False),
        Function("type", (plain("type", "~A", "type", lambda value: TypeValue(type_name(value))),), False),
        _to("bool", ("bool_to_bool", "bool", _itself), ("string_to_bool", "string", _boolean_of_text)),
        _to("bytes", ("bytes_to_bytes", "bytes", _itself), ("string_to_bytes", "string", str.encode)),
        _to(
            "double",
            ("double_to_double", "double", _itself),
            ("int64_to_double", "int", float),
            ("string_to_double", "string", _double_of_text),
            ("uint64_to_double", "uint", float),
        ),
        _to(
            "duration",
            ("duration_to_duration", "duration", _itself),
            ("int64_to_duration", "int", lambda value: _raise(conversion(value, "google.protobuf.Duration"))),
            ("string_to_duration", "string", partial(_parsed, duration_of, "google.protobuf.Duration")),
        ),
        _to(
            "int",
            ("int64_to_int64", "int", _itself),
            ("double_to_int64", "double", _whole_of_double),
            ("duration_to_int64", "duration", lambda value: value.nanoseconds),
            ("string_to_int64", "string", _whole_of_text),
            ("timestamp_to_int64", "timestamp", lambda value: value.nanoseconds // SECOND),
            ("uint64_to_int64", "uint", lambda value: whole(int(value))),
        ),
        _to("string", *_STRING),
        _to(
            "timestamp",
            ("timestamp_to_timestamp", "timestamp", _itself),
            ("int64_to_timestamp", "int", _timestamp_of_whole),
            ("string_to_timestamp", "string", partial(_parsed, timestamp_of, "google.protobuf.Timestamp")),
        ),
        _to(
            "uint",
            ("uint64_to_uint64", "uint", _itself),
            ("double_to_uint64", "double", _unsigned_of_double),
            ("int64_to_uint64", "int", unsigned),
            ("string_to_uint64", "string", _unsigned_of_text),
        ),
    ),
    builtin=True,
)


def _raise(error: EvaluationError) -> Any:
    raise error
