"""Fields and indices of values, as cel-go's attributes apply them one after the other.

Source: interpreter/attributes.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.go_text import shown
from generators.cel.values import MAX_INT, MIN_INT, NONE, Optional, Uint, key_of, type_name

Evaluate = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Qualifier:
    """One step: the key of it, whether it may be missing, and whether it only asks if it is there."""

    key: Evaluate
    optional: bool = False
    test_only: bool = False


def field(name: str, test_only: bool = False) -> Qualifier:
    """`.name`, or `has(.name)`."""
    return Qualifier(lambda scope: name, test_only=test_only)


def constant(value: Any, optional: bool) -> Qualifier:
    """`[1]`, `[?1]` or `.?name`."""
    return Qualifier(lambda scope: value, optional)


def of_value(key: Evaluate, optional: bool, native: bool) -> Qualifier:
    """`[key]` or `[?key]` for what is known when it is evaluated; `native` is what Go reads out of an object."""
    return Qualifier(lambda scope: _usable(key(scope), native), optional)


def qualified(operand: Evaluate, chain: Sequence[Qualifier]) -> Evaluate:
    """What applies a chain of qualifiers to an operand; after the first optional one all are optional."""
    if len(chain) == 1 and not (chain[0].optional or chain[0].test_only):
        return _single(operand, chain[0].key)

    def evaluate(scope: dict[str, Any]) -> Any:
        value = operand(scope)
        optional = type(value) is Optional
        if optional:
            if not value.present:
                return False if chain[-1].test_only else value
            value = value.value
        for each in chain:
            optional = optional or each.optional
            found = find(value, each.key(scope), optional or each.test_only)
            if each.test_only:
                return found.present
            if not found.present:
                return False if chain[-1].test_only else NONE
            value = found.value
        return Optional(value) if optional else value

    return evaluate


def find(value: Any, key: Any, maybe: bool) -> Optional:
    """A value's field or element; one that is missing is an error unless it may be."""
    if type(value) is dict:
        place = key if type(key) is str and key in value else key_of(key, value)
        if place is not None:
            return Optional(value[place])
    elif type(value) is list:
        place = _place(key)
        if 0 <= place < len(value):
            return Optional(value[place])
        if not maybe:
            raise EvaluationError(f"index out of bounds: {shown(key)}")
        return NONE
    if maybe:
        return NONE
    raise EvaluationError(f"no such key: {shown(key)}")


def _single(operand: Evaluate, key: Evaluate) -> Evaluate:
    def evaluate(scope: dict[str, Any]) -> Any:
        value = operand(scope)
        if type(value) is Optional:
            if not value.present:
                return value
            return find(value.value, key(scope), True)
        return find(value, key(scope), False).value

    return evaluate


def _place(key: Any) -> int:
    kind = type(key)
    if kind is int:
        return key
    if kind is float or kind is Uint:
        if key == int(key if math.isfinite(key) else 0) and MIN_INT < key <= MAX_INT:  # cel-go: not -2^63
            return int(key)
        raise EvaluationError(f"unsupported index value {shown(key)} in list")
    raise EvaluationError(f"unsupported index type '{type_name(key)}' in list")


_NATIVE = {"null_type": "<nil>", "list": "[]interface {}", "map": "map[string]interface {}"}
_OF_CEL = {
    "null_type": "types.Null",
    "list": "*types.baseList",
    "map": "*types.baseMap",
    "optional_type": "*types.Optional",
}


def go_type(value: Any) -> str:
    """The Go type that cel-go has a value in."""
    name = type_name(value)
    return _OF_CEL.get(name) or f"types.{name.rpartition('.')[2].capitalize()}"


def _usable(key: Any, native: bool) -> Any:
    name = type_name(key)
    if name in ("bool", "int", "uint", "double", "string"):
        return key
    said = _NATIVE.get(name) if native else ""
    raise EvaluationError(f"invalid qualifier type: {said or go_type(key)}")
