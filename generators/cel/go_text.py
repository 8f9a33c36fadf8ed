"""Texts as Go's fmt and strconv write them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any


def shown(value: Any) -> str:
    """`%v` of a value."""
    if value is None:
        return "0"  # structpb.NullValue, which types.Null is a number of
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float:
        return general(value)
    if type(value) is list:
        return f"[{', '.join(map(_native, value))}]"
    if type(value) is dict:
        return "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in value.items()) + "}"
    return str(value)


def _native(value: Any) -> str:
    """`%v` of what stands inside an object, which Go has as values of its own."""
    if value is None:
        return "<nil>"
    if type(value) is list:
        return f"[{' '.join(map(_native, value))}]"
    if type(value) is dict:
        return f"map[{' '.join(f'{key}:{_native(value[key])}' for key in sorted(value))}]"
    return shown(value)


def general(value: float) -> str:
    """`%g` with the fewest digits, or `%v`: an exponent below -4 and from 6 on."""
    special = _special(value)
    if special:
        return special
    mantissa, exponent = _digits(value)
    if not -4 <= exponent < 6:
        first, rest = mantissa[0], mantissa[1:].rstrip("0")
        sign = "-" if math.copysign(1, value) < 0 else ""
        mark = "-" if exponent < 0 else "+"
        return f"{sign}{first}{'.' + rest if rest else ''}e{mark}{abs(exponent):02}"
    return fixed(value)


def fixed(value: float) -> str:
    """strconv.FormatFloat(value, 'f', -1, 64)."""
    special = _special(value)
    if special:
        return special
    text = format(Decimal(repr(value)), "f")
    return text[:-2] if text.endswith(".0") else text


def quoted(text: str) -> str:
    """`%q`: strconv.Quote."""
    return '"' + "".join(map(_escaped, text)) + '"'


_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == " " or (character.isprintable() and not character.isspace()):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _special(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return ("+Inf" if value > 0 else "-Inf") if math.isinf(value) else ""


def _digits(value: float) -> tuple[str, int]:
    _, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits))
    return text, (len(text) + int(exponent) - 1 if value else 0)
