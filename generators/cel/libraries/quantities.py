"""Kubernetes' library of quantities.

Source: pkg/cel/library/quantity.go of https://github.com/kubernetes/apiserver (v0.36), and the quantities of
https://github.com/kubernetes/apimachinery (pkg/api/resource).
"""

from __future__ import annotations

import decimal
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from generators.cel.errors import EvaluationError
from generators.cel.library import Function, Library, member, plain
from generators.cel.values import MAX_INT, MIN_INT, Opaque

_PARTS = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_EXACT = decimal.Context(prec=400)
_NANO = Decimal(1).scaleb(-9)
_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_SUFFIX = "unable to parse quantity's suffix"
_NUMERIC = "unable to parse numeric part of quantity"
_DIGITS = 18  # of a number that Go keeps as 64 bits with a power of ten


@dataclass(frozen=True, eq=False)
class Quantity(Opaque):
    """An amount; `unscaled` times ten to the power of `scale`, as Go keeps it.

    One that is `big` is not kept in 64 bits, so it is no integer to CEL whatever its value.
    """

    type_name: ClassVar[str] = "kubernetes.Quantity"

    unscaled: int
    scale: int
    big: bool = False

    @property
    def amount(self) -> Decimal:
        """The value."""
        return Decimal(self.unscaled).scaleb(self.scale, _EXACT)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.amount == other.amount

    def __hash__(self) -> int:
        return hash(self.amount)


def parsed(text: str) -> Quantity:
    """The quantity that a text means."""
    match = _PARTS.fullmatch(text)
    if not match or not text:
        raise EvaluationError(_FORMAT)
    sign, numerator, denominator, suffix = match[1], match[2].lstrip("0"), match[3] or "", match[4]
    binary = _BINARY.get(suffix)
    exponent = _exponent(suffix)
    small = _small(numerator or "0", denominator, exponent, binary)
    if small is not None:
        return Quantity(-small[0] if sign == "-" else small[0], small[1])
    if not match[2] and not denominator:
        raise EvaluationError(_NUMERIC)
    amount = _EXACT.create_decimal(f"{numerator or '0'}.{denominator or '0'}")
    amount = amount.scaleb(exponent, _EXACT) if binary is None else _EXACT.multiply(amount, Decimal(2**binary))
    rounded = amount.quantize(_NANO, decimal.ROUND_UP, _EXACT)
    if binary is not None:
        rounded = min(rounded, Decimal(MAX_INT))
    _, digits, scale = rounded.as_tuple()
    unscaled = int("".join(map(str, digits)))
    return Quantity(-unscaled if sign == "-" else unscaled, int(scale), big=True)


def _exponent(suffix: str) -> int:
    if suffix in _DECIMAL or suffix in _BINARY:
        return _DECIMAL.get(suffix, 0)
    if len(suffix) > 1 and suffix[0] in "eE" and re.fullmatch(r"[+-]?[0-9]+", suffix[1:]):
        return int(suffix[1:])
    raise EvaluationError(_SUFFIX)


def _small(numerator: str, denominator: str, exponent: int, binary: int | None) -> tuple[int, int] | None:
    """The number and its power of ten where 64 bits hold them, by Go's own estimate."""
    if binary is None:
        precision, factor = _DIGITS - len(numerator + denominator), 1
    elif denominator:
        return None
    else:
        precision, factor = 15 - len(numerator) - int(binary * 3 / 10) - 1, 2**binary
    scale = exponent - len(denominator)
    if precision < 0 or scale < -9:
        return None
    value = int(numerator + denominator) * factor
    return (value, scale) if value <= MAX_INT else None


def _is_quantity(text: str) -> bool:
    try:
        return bool(parsed(text))
    except EvaluationError:
        return False


def _integer(quantity: Quantity) -> int | None:
    if quantity.big or quantity.scale < 0:
        return None
    value = quantity.unscaled * 10**quantity.scale
    return value if MIN_INT <= value <= MAX_INT else None


def _as_integer(quantity: Quantity) -> int:
    value = _integer(quantity)
    if value is None:
        raise EvaluationError("cannot convert value to integer")
    return value


def _as_float(quantity: Quantity) -> float:
    base = float(quantity.unscaled)
    return base * math.pow(10, quantity.scale) if quantity.scale else base


def _compare(left: Quantity, right: Quantity) -> int:
    return (left.amount > right.amount) - (left.amount < right.amount)


def _added(left: Quantity, right: Quantity | int, sign: int = 1) -> Quantity:
    other = right if isinstance(right, Quantity) else Quantity(right, 0)
    if other.unscaled == 0 and not (left.big or other.big):
        return left
    if left.unscaled == 0 and not (left.big or other.big):
        return Quantity(sign * other.unscaled, other.scale)
    scale = min(left.scale, other.scale)
    first, second = (each.unscaled * 10 ** (each.scale - scale) for each in (left, other))
    total = first + sign * second
    fits = all(MIN_INT <= value <= MAX_INT for value in (first, second, total))
    return Quantity(total, scale, left.big or other.big or not fits)


_Q = "kubernetes.Quantity"
LIBRARY = Library(
    28,
    (
        Function("quantity", (plain("string_to_quantity", "string", _Q, parsed),)),
        Function("isQuantity", (plain("is_quantity_string", "string", "bool", _is_quantity),)),
        Function("sign", (plain("quantity_sign", _Q, "int", lambda q: (q.unscaled > 0) - (q.unscaled < 0)),)),
        Function(
            "isGreaterThan",
            (member("quantity_is_greater_than", f"{_Q} {_Q}", "bool", lambda a, b: _compare(a, b) > 0),),
        ),
        Function(
            "isLessThan", (member("quantity_is_less_than", f"{_Q} {_Q}", "bool", lambda a, b: _compare(a, b) < 0),)
        ),
        Function("compareTo", (member("quantity_compare_to", f"{_Q} {_Q}", "int", _compare),)),
        Function("asApproximateFloat", (member("quantity_get_float", _Q, "double", _as_float),)),
        Function("asInteger", (member("quantity_get_int", _Q, "int", _as_integer),)),
        Function("isInteger", (member("quantity_is_integer", _Q, "bool", lambda q: _integer(q) is not None),)),
        Function(
            "add",
            (member("quantity_add", f"{_Q} {_Q}", _Q, _added), member("quantity_add_int", f"{_Q} int", _Q, _added)),
        ),
        Function(
            "sub",
            (
                member("quantity_sub", f"{_Q} {_Q}", _Q, lambda a, b: _added(a, b, -1)),
                member("quantity_sub_int", f"{_Q} int", _Q, lambda a, b: _added(a, b, -1)),
            ),
        ),
    ),
)
