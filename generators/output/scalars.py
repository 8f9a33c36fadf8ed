"""How one scalar is written so that every YAML reader gets the same value back.

Readers disagree about plain scalars: `no` is false to YAML 1.1, `1e-4` a string to PyYAML and a number to Kubernetes,
`12:30` a number in base 60 to some. So a string stays plain only where it is made of harmless characters and looks like
nothing else, and a float is written in the one form that YAML 1.1 and 1.2 share.
"""

from __future__ import annotations

import math
import re

# The readers stop looking for the colon of a key after 1024 characters.
LONGEST_KEY = 1000
# Kubernetes' reader turns integers outside 64 bits into floats.
INTEGERS = range(-(2**63), 2**63)

_PLAIN = re.compile(
    r"(?:[A-Za-z0-9_/$(]|--?(?=[A-Za-z]))"  # neither an indicator nor a document's marker
    r"(?:[A-Za-z0-9_./@+$(),;=~^-]| (?!#)|:(?! |\Z))*"
    r"(?<! )"
)
_AMBIGUOUS = re.compile(
    r"y|n|yes|no|on|off|true|false|null|nil|nan|inf|infinity"
    r"|[0-9][0-9a-fopxtz_.:,+\- ]*",  # every notation of numbers, times and dates
    re.IGNORECASE,
)
# What some reader refuses or takes for a line break, and what a person reviewing the file would not see.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff"
    "\U0001fffe\U0001ffff\U000e0000-\U0010ffff"
)
_ESCAPED = re.compile(rf"[\t\n{_UNSEEN}]")
_DOUBLE_QUOTED = re.compile(rf'["\\\t\n{_UNSEEN}]')
_NOT_LITERAL = re.compile(f"[{_UNSEEN}]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Unwritable(ValueError):
    """A value that no YAML text gives back the same in every reader; its text says why and what to write instead."""


def string(text: str, newline: str = "\n  ") -> str:
    """Write `text` as a value; `newline` is a line break with the indentation of a literal block's lines."""
    if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return text
    if "\n" in text and _literal_is_exact(text):
        return _literal(text, newline)
    return quoted(text)


def key(text: str) -> str:
    """Write `text` as the key of a mapping."""
    if type(text) is not str:
        raise Unwritable(f"the key {text!r} is not a string, and Kubernetes reads only string keys; write it as one")
    written = text if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text) else quoted(text)
    if len(written) > LONGEST_KEY:
        raise Unwritable(f"a key of {len(text)} characters, and readers stop at 1024; shorten it")
    return written


def inside_flow(text: str) -> str:
    """Write `text` as a key or value between braces, where a comma would end it."""
    is_plain = _PLAIN.fullmatch(text) and "," not in text and not _AMBIGUOUS.fullmatch(text)
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """Write `text` between quotes: single ones where that saves escapes, as in a value that is itself JSON."""
    if ('"' in text or "\\" in text) and not _ESCAPED.search(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _DOUBLE_QUOTED.sub(_escape, text) + '"'


def escaped(text: str) -> str:
    """Return `text` on one line with everything unseen written as an escape, for a comment."""
    return _ESCAPED.sub(_escape, text)


def atom(value: object) -> str:
    """Write anything but a string or a container with something in it."""
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return _integer(value)
    if kind is float:
        return _float(value)
    if kind is dict:
        return "{}"
    if kind is list:
        return "[]"
    raise Unwritable(f"a {kind.__name__} is not a YAML value; make it a dict, list, str, int, float, bool or None")


def _integer(value: int) -> str:
    if value not in INTEGERS:
        raise Unwritable("an integer beyond 64 bits, and Kubernetes would round it; write it as a string")
    return str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise Unwritable(f"{value} has no form in JSON, which Kubernetes reads; leave the key out or write a string")
    mantissa, exponent_sign, exponent = repr(value).partition("e")
    if exponent_sign and "." not in mantissa:
        mantissa += ".0"  # PyYAML takes 1e-05 for a string, 1.0e-05 for a float
    return mantissa + exponent_sign + exponent


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise Unwritable(f"the lone surrogate U+{code:04X} is not a character; remove it from the text")
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _literal_is_exact(text: str) -> bool:
    """Whether a literal block gives `text` back: the first line that is not empty must show the indentation."""
    content = text.lstrip("\n")
    return content != "" and content[0] not in " \t" and not _NOT_LITERAL.search(text)


def _literal(text: str, newline: str) -> str:
    if not text.endswith("\n"):
        style = "|-"
    elif text.endswith("\n\n"):
        style = "|+"
    else:
        style = "|"
    lines = text.removesuffix("\n").split("\n")  # what follows begins with a line break
    indentation = newline[1:]
    return "\n".join([style, *[indentation + line if line else "" for line in lines]])
