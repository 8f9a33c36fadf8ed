"""The string literals of CEL, the language of conditions, as Google's CEL reads them.

https://github.com/google/cel-spec/blob/master/doc/langdef.md#string-and-bytes-values
"""

from __future__ import annotations

import re

# One literal, with its prefix and its quotes: raw ones first, in which a backslash is a backslash.
STRING = r"""(?:
    [rR](?:'''.*?'''|\"{3}.*?\"{3}|'[^'\r\n]*'|"[^"\r\n]*")
  | '''(?:[^\\]|\\.)*?''' | \"{3}(?:[^\\]|\\.)*?\"{3}
  | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*"
)"""
_QUOTES = re.compile(r"""(?P<raw>[rR]?)(?P<quotes>'''|\"{3}|'|")(?P<text>.*)(?P=quotes)""", re.DOTALL)
_ESCAPE = re.compile(
    r"""\\(?:[xX](?P<byte>[0-9a-fA-F]{2})|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2})|(?P<one>.))""",
    re.DOTALL,
)
_CONTROL = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def text_of(literal: str) -> str:
    """The text that a literal matched by STRING stands for."""
    found = _QUOTES.fullmatch(literal)
    return found["text"] if found["raw"] else _ESCAPE.sub(_character, found["text"])


def _character(match: re.Match[str]) -> str:
    if match["one"]:
        return _CONTROL.get(match["one"], match["one"])
    if match["octal"]:
        return chr(int(match["octal"], 8))
    return chr(int(match["byte"] or match["short"] or match["long"], 16))
