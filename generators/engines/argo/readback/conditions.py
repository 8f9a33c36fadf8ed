"""Reads a task's `when` back into the words of CEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.engines.argo.readback.expressions import made_of
from generators.engines.argo.readback.language import LITERAL, only_tag, unescaped
from generators.ir.normal_form.neutral import canonical

_WORD = re.compile(
    rf"(?P<value>fromJSON\()|{LITERAL}|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\w+|&&|\|\||[=!<>]=|\S",
)
_PARENTHESES = re.compile(r"'(?:[^'\\]|\\.)*'|(?P<open>\()|(?P<close>\))")
_CEL = {"float": "double"}


def condition(text: str) -> str:
    """A condition with every value replaced by where it comes from, and one space between its words."""
    expression = only_tag(text)
    return " ".join(_words(expression)) if expression is not None else text


def _words(expression: str) -> Iterator[str]:
    position = 0
    while match := _WORD.search(expression, position):
        position = match.end()
        if match["value"]:
            position = _closing(expression, position)
            yield f"<{made_of(expression[match.end() : position - 1])}>"
        elif match["literal"] is not None:
            yield canonical(unescaped(match["literal"]))
        else:
            yield _CEL.get(match[0], match[0])


def _closing(expression: str, position: int) -> int:
    """The position after the parenthesis that closes the one before `position`."""
    depth = 1
    for match in _PARENTHESES.finditer(expression, position):
        depth += bool(match["open"]) - bool(match["close"])
        if not depth:
            return match.end()
    return len(expression) + 1
