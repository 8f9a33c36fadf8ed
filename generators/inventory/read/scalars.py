"""Decides what a plain YAML scalar is, and refuses those that YAML readers disagree on.

The readers that matter read the same file: reclass-rs (merging), PyYAML (Kapitan), ruamel.yaml (edits), and people
who copy a value into a manifest that Kubernetes reads. They follow YAML 1.1, 1.2 or something between, so `yes` is
true to one and text to another. What each returns was measured; the table stands in the test of this module.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

Scalar = str | int | float | bool | None

_CONSTANTS: dict[str, bool | None] = {"": None, "~": None} | {
    form: value
    for word, value in {"null": None, "true": True, "false": False}.items()
    for form in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)|[-+]?0(x[0-9a-fA-F]+|b[01]+)")
_LONGEST_INTEGER = 80  # characters, all of 64 bits in binary and more; Python refuses to read very long ones
_FLOAT = re.compile(r"([-+]?[0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?")
_HASH = re.compile(r"[0-9a-f]{8,}")


@dataclass(frozen=True)
class Doubt:
    """Why a scalar is refused, and how to write what was meant; `rule` names the finding."""

    rule: str
    why: str
    fix: str


def resolve(text: str) -> tuple[Scalar, Doubt | None]:
    """The value of a plain scalar as reclass-rs reads it, and the doubt about it where readers disagree."""
    if text in _CONSTANTS:
        return _CONSTANTS[text], None
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_INTEGER:
            return text, _TOO_LARGE
        number = int(text, 0)
        return (number, None) if -(2**63) <= number < 2**63 else (text, _TOO_LARGE)
    if _FLOAT.fullmatch(text):
        return (float(text), None) if math.isfinite(float(text)) else (text, _TOO_LARGE)
    for pattern, doubt in _DOUBTFUL:
        if pattern.fullmatch(text):
            if len(text) > _LONGEST_INTEGER:
                return text, _TOO_LONG
            return _as_reclass_reads(text), doubt(text)
    return text, None


_TOO_LARGE = Doubt("number-range", "this number does not fit in 64 bits", "write it in quotes, as text")
_TOO_LONG = Doubt(
    "number-range",
    "this is a number or a date to some YAML readers, and too long for one",
    "write it in quotes, as text",
)
_RECLASS_FLOAT = re.compile(r"[-+]?([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def _as_reclass_reads(text: str) -> Scalar:
    if re.fullmatch(r"[-+]?0o[0-7]+", text):
        return int(text, 0)
    is_number = _RECLASS_FLOAT.fullmatch(text) and not re.fullmatch(r"[-+]?[0-9]+", text)
    return float(text) if is_number and math.isfinite(float(text)) else text


def _ambiguous(why: str, fix: Callable[[str], str]) -> Callable[[str], Doubt]:
    return lambda text: Doubt("ambiguous-scalar", f"{text} is {why}", fix(text))


def _quotes(text: str) -> str:
    return f'write "{text}" in quotes'


def _decimal(text: str) -> str:
    """The same number in digits that every reader takes for a number."""
    if _HASH.fullmatch(text):  # 5e123456 and the like are far more often a hash than a number
        return _quotes(text)
    number = Decimal(text.replace("_", ""))
    if not math.isfinite(float(number)):
        return _quotes(text)
    if abs(number.adjusted()) > 15:
        mantissa, exponent = f"{number.normalize():E}".split("E")
        return f"write {mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"
    return f"write {number:f}"


def _octal(text: str) -> str:
    digits = text.replace("_", "")
    decimal = int(digits)
    if set(digits) & set("89") or abs(decimal) < 8:
        return f'write {decimal}, or "{text}" if it is text'
    octal = int(digits.lstrip("+-"), 8) * (-1 if decimal < 0 else 1)
    return f'write {decimal}, or {octal} if octal was meant, or "{text}" if it is text'


def _boolean(text: str) -> str:
    meant = "true" if text.lower() in ("yes", "on", "y") else "false"
    return f'write {meant}, or "{text}" if it is text'


_NUMBER_OR_TEXT = "a number to some YAML readers and text to others"
_DOUBTFUL: tuple[tuple[re.Pattern[str], Callable[[str], Doubt]], ...] = (
    (
        re.compile(r"[yY]|[nN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"),
        _ambiguous("true or false to some YAML readers and text to others", _boolean),
    ),
    (re.compile(r"[-+]?0[0-9_]+"), _ambiguous("octal to some YAML readers, decimal or text to others", _octal)),
    (
        re.compile(r"([-+]?([0-9][0-9_]*(?:\.[0-9_]*)?|\._*[0-9][0-9_]*)|[-+]_+[0-9][0-9_]*)([eE][-+]?[0-9]+)?"),
        _ambiguous(_NUMBER_OR_TEXT, _decimal),
    ),
    (
        re.compile(r"[-+]?0([xX]_*[0-9a-fA-F][0-9a-fA-F_]*|[oO]_*[0-7][0-7_]*|[bB]_*[01][01_]*)"),
        _ambiguous(_NUMBER_OR_TEXT, lambda text: f"write {int(text.replace('_', ''), 0)}"),
    ),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"),
        _ambiguous("a number in base 60 to some YAML readers and text to others", _quotes),
    ),
    (
        re.compile(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*"
        ),
        _ambiguous("a date to some YAML readers and text to others", _quotes),
    ),
    # PyYAML and ruamel.yaml fail on a number that has underscores and no digit.
    (
        re.compile(r"=|<<|[-+]_+|[-+]?\._+|[-+]?0[xb]_+"),
        _ambiguous("special to some YAML readers and text to others", _quotes),
    ),
    (
        re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
        lambda text: Doubt("number-range", f"{text} cannot be written as JSON", "write a finite number"),
    ),
)
