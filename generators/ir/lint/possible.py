"""Whether conditions can hold at once.

They are tried with every value that could make a difference: each constant that they name, and values beside those. A
condition must be made of comparisons of parameters with constants or with each other, as kfp writes them; any other is
taken to be possible, as is one of a value whose type is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from generators.errors import GraftError
from generators.ir import cel
from generators.ir.validate.text import ASKED
from generators.ir.values import conform, converted, holds

_MOST = 3000  # combinations of values that are tried
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_TOKENS = re.compile(
    rf"(?>\s|inputs\.parameter_values\['[^']*'\]|{cel.STRING}|{_NUMBER}|int\(|double\(|[()!<>]|[=!<>]=|&&|\|\||true|false)*+",
    re.VERBOSE | re.DOTALL,
)
_LITERALS = re.compile(rf"(?P<string>{cel.STRING})|(?P<number>{_NUMBER})", re.VERBOSE | re.DOTALL)


class Value(NamedTuple):
    """What is known of a value before any run: where it comes from, its type, and all it can be, if that is known."""

    origin: tuple[Any, ...]
    kind: str = ""
    among: tuple[Any, ...] | None = None


class Bound(NamedTuple):
    """A condition, with what its inputs are."""

    condition: str
    inputs: tuple[tuple[str, Value], ...]


def possible(conditions: Sequence[Bound]) -> bool:
    """Whether all of the conditions can hold at once, as far as that can be said."""
    if not all(_TOKENS.fullmatch(each.condition) for each in conditions):
        return True
    values = {
        value.origin: value for each in conditions for value in dict(each.inputs).values() if _is_asked(each, value)
    }
    constants = [constant for each in conditions for constant in _constants(each.condition)]
    domains = [_domain(value, constants) for value in values.values()]
    count = 1
    for domain in domains:
        if domain is None or (count := count * len(domain)) > _MOST:
            return True
    return _some_hold(conditions, list(values), domains)


def _is_asked(bound: Bound, value: Value) -> bool:
    asked = {match["input"] for match in ASKED.finditer(bound.condition)}
    return any(name in asked and each is value for name, each in bound.inputs)


def _some_hold(conditions: Sequence[Bound], origins: list[Any], domains: list[Any]) -> bool:
    unknown = False
    for chosen in product(*domains):
        values = dict(zip(origins, chosen, strict=True))
        try:
            if all(
                holds(
                    each.condition,
                    {name: values[value.origin] for name, value in each.inputs if value.origin in values},
                )
                for each in conditions
            ):
                return True
        except GraftError:
            unknown = True
    return unknown


def _constants(condition: str) -> Iterator[Any]:
    for match in _LITERALS.finditer(ASKED.sub("", condition)):
        yield cel.text_of(match["string"]) if match["string"] else float(match["number"])


def _domain(value: Value, constants: list[Any]) -> list[Any] | None:
    """The values that can make a difference, None where its type does not say which."""
    if value.among is not None:
        try:
            return [conform(value.kind, each) if value.kind else each for each in value.among]
        except GraftError:
            return [converted(value.kind, each) for each in value.among]
    numbers = sorted({each for each in constants if isinstance(each, float)} | {0.0})
    if value.kind == "BOOLEAN":
        return [False, True]
    if value.kind == "NUMBER_INTEGER":
        return sorted({int(each) + step for each in numbers for step in (-1, 0, 1, 2)})
    if value.kind == "NUMBER_DOUBLE":
        return sorted({each + step for each in numbers for step in (-1.0, -0.5, -1e-6, 0.0, 1e-6, 0.5, 1.0)})
    if value.kind == "STRING":
        texts = {each for each in constants if isinstance(each, str)} | {str(int(each)) for each in numbers}
        return sorted({"", *texts, *(f"{each}\x01" for each in texts)})
    return None
