"""The tokens of an expression's text, as far as it takes to change one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(
    r"""(?P<raw>(?:[bB]?[rR]|[rR][bB])(?:'{3}.*?'{3}|"{3}.*?"{3}|'[^'\n]*'|"[^"\n]*"))"""
    r"""|(?P<text>[bB]?(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))"""
    r"""|(?P<comment>//[^\n]*)|(?P<space>\s+)|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<number>0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?)"""
    r"""|(?P<operator>&&|\|\||==|!=|<=|>=|\.\?|\[\?|.)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A piece of an expression; `kind` is raw, text, comment, space, name, number or operator."""

    kind: str
    text: str


def tokens(expression: str) -> list[Token]:
    """All tokens of an expression, whose texts together are the expression."""
    return list(_tokens(expression))


@cache
def _tokens(expression: str) -> tuple[Token, ...]:
    return tuple(Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(expression))


def solid(found: Sequence[Token]) -> Iterator[int]:
    """The indices of the tokens that mean something."""
    return (place for place, token in enumerate(found) if token.kind not in ("comment", "space"))
