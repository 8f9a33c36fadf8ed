"""A value on its way from task to task, as the expression that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.text.expressions import (
    ABSENT,
    as_text,
    encoded,
    failing,
    from_any,
    from_text,
    literal,
    member,
)
from generators.engines.argo.text.names import parameter
from generators.ir.view import Declared

_PLAIN = ("BOOLEAN", "NUMBER_INTEGER", "NUMBER_DOUBLE")  # JSON that holds no string to hide


@dataclass(frozen=True, slots=True)
class Value:
    """An expression for the JSON that travels, the type it has, and whether it may be the empty text instead."""

    expression: str
    kind: str = ""
    maybe: bool = False

    @property
    def decoded(self) -> str:
        """The expression for the value itself."""
        return f"fromJSON({self.expression})"

    @property
    def text(self) -> str:
        """The expression for the value as it stands inside a text: a string as it is, the rest as JSON."""
        return self.expression if self.kind in _PLAIN else as_text(self.decoded)


def own_input(name: str) -> str:
    """The expression of an input of the template that it stands in."""
    return member("inputs.parameters", parameter(name))


def constant(value: Any, kind: str) -> Value:
    """A value that is known when compiling."""
    return Value(literal(encoded(value, kind)), kind)


def item(expression: str, kind: str) -> Value:
    """What an expression takes out of a list or a mapping. Where the items have no type KFP makes them a text."""
    return Value(from_text(as_text(expression)) if kind == "STRING" else from_any(expression), kind)


def from_json_text(expression: str) -> str:
    """The value, read once more where it is a text: an item of a list without a type is a text that holds JSON."""
    return f"(type({expression}) == 'string' ? fromJSON({expression}) : {expression})"


def with_default(value: Value, declared: Declared) -> Value:
    """`value`, and where it may be absent the default that the input declares."""
    if not value.maybe or declared.default is None:
        return value
    default = literal(encoded(declared.default, declared.kind))
    return Value(f"({value.expression} == {ABSENT} ? {default} : {value.expression})", value.kind)


def required(value: Value, message: str) -> Value:
    """`value`, and where it is absent a failure that says so."""
    return Value(f"({value.expression} == {ABSENT} ? {failing(message)} : {value.expression})", value.kind)


def alternatives(values: Sequence[str]) -> str:
    """The first of the values that is there: of the branches of a condition, that of the one that ran."""
    if not values:
        return ABSENT
    return f"({values[0]} != {ABSENT} ? {values[0]} : {alternatives(values[1:])})"
