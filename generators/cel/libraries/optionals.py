"""Optional values: cel-go's library, as far as it is functions.

Source: cel/library.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.go_text import shown
from generators.cel.library import Function, Library, member, plain
from generators.cel.values import NONE, Duration, Optional, Timestamp

_V = "optional_type<~V>"


def _value(optional: Optional) -> Any:
    if not optional.present:
        raise EvaluationError("optional.none() dereference")
    return optional.value


def _of_nonzero(value: Any) -> Optional:
    return NONE if _is_zero(value) else Optional(value)


def _is_zero(value: Any) -> bool:
    if isinstance(value, Duration):
        return value.nanoseconds == 0
    if isinstance(value, Timestamp):
        return value.nanoseconds == -62135596800 * 10**9
    return value is None or (isinstance(value, bool | int | float | str | bytes | list | dict) and not value)


def _unwrapped(items: list[Any]) -> list[Any]:
    for item in items:
        if type(item) is not Optional:
            raise EvaluationError(f"value {shown(item)} is not optional")
    return [item.value for item in items if item.present]


_FUNCTIONS = (
    Function("optional.of", (plain("optional_of", "~V", _V, Optional),)),
    Function("optional.ofNonZeroValue", (plain("optional_ofNonZeroValue", "~V", _V, _of_nonzero),)),
    Function("optional.none", (plain("optional_none", "", _V, lambda: NONE),)),
    Function("value", (member("optional_value", _V, "~V", _value),)),
    Function("hasValue", (member("optional_hasValue", _V, "bool", lambda optional: optional.present),)),
    Function("first", (member("list_first", "list<~V>", _V, lambda items: Optional(items[0]) if items else NONE),)),
    Function("last", (member("list_last", "list<~V>", _V, lambda items: Optional(items[-1]) if items else NONE),)),
)
_UNWRAPPED = (
    Function("optional.unwrap", (plain("optional_unwrap", "list<optional_type<~V>>", "list<~V>", _unwrapped),)),
    Function("unwrapOpt", (member("optional_unwrapOpt", "list<optional_type<~V>>", "list<~V>", _unwrapped),)),
)

LIBRARIES = (Library(28, _FUNCTIONS, builtin=True), Library(28, _UNWRAPPED))
