"""`format` of cel-go's strings: clauses as in C's printf.

Source: ext/formatting.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.go_text import general, quoted
from generators.cel.libraries.times import written_duration, written_timestamp
from generators.cel.values import Opaque, Uint, type_name

_PRECISION = 6
_WHOLE = (int, Uint)
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "google.protobuf.Timestamp": written_timestamp,
    "google.protobuf.Duration": written_duration,
    "bool": lambda value: "true" if value else "false",
    "string": str,
    "int": str,
    "uint": lambda value: str(int(value)),
    "double": general,
    "type": lambda value: value.name,
    "null_type": lambda value: "null",
}
_STRINGS = "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps"


def formatted(template: str, arguments: list[Any]) -> str:
    """A template with each of its clauses replaced by an argument."""
    return _interpolated(template, arguments, lambda letter, value, precision: _CLAUSES[letter](value, precision))[0]


def check_format(template: str, kinds: list[str]) -> str:
    """What is wrong with a template for arguments of these types, of which any may be `dyn`; empty where nothing is."""
    try:
        _, used = _interpolated(template, kinds, _check_kind)
    except EvaluationError as error:
        return error.message
    if len(kinds) > used:
        return f"too many arguments supplied to string.format (expected {used}, got {len(kinds)})"
    return ""


def _interpolated(template: str, arguments: list[Any], write: Callable[[str, Any, int], str]) -> tuple[str, int]:
    parts: list[str] = []
    place = used = 0
    while place < len(template):
        if template[place] != "%":
            parts.append(template[place])
            place += 1
        elif template[place + 1 : place + 2] == "%":
            parts.append("%")
            place += 2
        else:
            if used >= len(arguments):
                raise EvaluationError(f"index {used} out of range")
            if place + 1 >= len(template):
                raise EvaluationError("unexpected end of string")
            letter, precision, place = _clause(template, place + 1)
            try:
                parts.append(write(letter, arguments[used], precision))
            except EvaluationError as error:
                raise EvaluationError(f"error during formatting: {error.message}") from None
            used += 1
    return "".join(parts), used


def _clause(template: str, place: int) -> tuple[str, int, int]:
    """A clause's letter, its precision, and the place behind it."""
    precision = _PRECISION
    if template[place] == ".":
        end = place + 1
        while end < len(template) and template[end] in "0123456789":
            end += 1
        if end >= len(template):
            raise _unparsed("error while parsing precision: could not find end of precision specifier")
        if end == place + 1:
            problem = 'strconv.Atoi: parsing "": invalid syntax'
            raise _unparsed(f"error while parsing precision: error while converting precision to integer: {problem}")
        precision, place = int(template[place + 1 : end]), end
    letter = template[place]
    if letter not in _CLAUSES:
        byte = letter.encode()[:1].decode("latin-1")
        raise _unparsed(f'unrecognized formatting clause "{byte}"')
    return letter, precision, place + 1


def _check_kind(letter: str, kind: str, precision: int) -> str:
    if kind != "dyn" and kind not in _KINDS[letter.lower()]:
        _CLAUSES[letter](_OfKind(kind), precision)
    return ""


class _OfKind(Opaque):
    """Stands for a value of which only the type is known."""

    def __init__(self, kind: str) -> None:
        self.type_name = kind  # type: ignore[misc]


def _unparsed(problem: str) -> EvaluationError:
    return EvaluationError(f"could not parse formatting clause: {problem}")


def _string(value: Any, precision: int = 0) -> str:
    kind = type_name(value)
    if kind == "list":
        return "[" + ", ".join(map(_inside, value)) + "]"
    if kind == "map":
        pairs = sorted(((_key(key), _inside(item)) for key, item in value.items()), key=lambda pair: pair[0].encode())
        return "{" + ", ".join(f"{key}:{item}" for key, item in pairs) + "}"
    if kind == "bytes":
        return _text(value)
    if kind not in _WRITTEN:
        raise EvaluationError(f"string clause can only be used on {_STRINGS}, was given {kind}")
    return _WRITTEN[kind](value)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        problem = "invalid UTF-8 in bytes, cannot convert to string"
        raise EvaluationError(f"could not convert argument {quoted(problem)} to string") from None


def _inside(value: Any) -> str:
    """An item of a list or a map, as CEL would write it."""
    kind = type_name(value)
    if kind == "double":
        text = f"{value:.6f}" if math.isfinite(value) else general(value)
        return text if math.isfinite(value) else quoted(text)
    if kind == "string":
        return quoted(value)
    if kind == "bytes":
        return "b" + quoted(_text(value))
    if kind in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
        return f"{kind.rpartition('.')[2].lower()}({quoted(_WRITTEN[kind](value))})"
    if kind in ("list", "map") or kind in _WRITTEN:
        return _string(value)
    raise EvaluationError(f"no formatting function for {kind}")


def _key(key: Any) -> str:
    return quoted(key) if type(key) is str else _string(key)


def _decimal(value: Any, precision: int) -> str:
    if type(value) not in _WHOLE:
        raise EvaluationError(f"decimal clause can only be used on integers, was given {type_name(value)}")
    return str(int(value))


def _double(clause: str, value: Any) -> float:
    if type(value) is str and value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    if type(value) is not float:
        raise EvaluationError(f"{clause} clause can only be used on doubles, was given {type_name(value)}")
    return value


def _fixed(value: Any, precision: int) -> str:
    number = _double("fixed-point", value)
    return f"{number:,.{precision}f}" if math.isfinite(number) else _infinite(number)


def _scientific(value: Any, width: int) -> str:
    """As golang.org/x/text writes it; what is written as a precision is a width to cel-go."""
    number = _double("scientific", value)
    if not math.isfinite(number):
        return _infinite(number).rjust(width)
    mantissa, _, exponent = f"{number:.{_PRECISION}e}".partition("e")
    sign = "⁻" if exponent[0] == "-" else ""
    return f"{mantissa}×10{sign}{_raised(exponent[1:])}".rjust(width)


def _raised(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _infinite(value: float) -> str:
    return "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞"


def _binary(value: Any, precision: int) -> str:
    if type(value) is bool:
        return "1" if value else "0"
    if type(value) not in _WHOLE:
        raise EvaluationError(f"only integers and bools can be formatted as binary, was given {type_name(value)}")
    return format(int(value), "b")


def _hexadecimal(value: Any, precision: int) -> str:
    if type(value) is str:
        return value.encode().hex()
    if type(value) is bytes:
        return value.hex()
    if type(value) not in _WHOLE:
        problem = "only integers, byte buffers, and strings can be formatted as hex"
        raise EvaluationError(f"{problem}, was given {type_name(value)}")
    return format(int(value), "x")


def _octal(value: Any, precision: int) -> str:
    if type(value) not in _WHOLE:
        raise EvaluationError(f"octal clause can only be used on integers, was given {type_name(value)}")
    return format(int(value), "o")


_INTEGERS = ("int", "uint")
_KINDS: dict[str, tuple[str, ...]] = {
    "s": ("list", "map", "bytes", *_WRITTEN),
    "d": _INTEGERS,
    "f": ("double", "string"),
    "e": ("double", "string"),
    "b": (*_INTEGERS, "bool"),
    "x": (*_INTEGERS, "string", "bytes"),
    "o": _INTEGERS,
}
_CLAUSES: dict[str, Callable[[Any, int], str]] = {
    "s": _string,
    "d": _decimal,
    "f": _fixed,
    "e": _scientific,
    "b": _binary,
    "x": _hexadecimal,
    "X": lambda value, precision: _hexadecimal(value, precision).upper(),
    "o": _octal,
}
