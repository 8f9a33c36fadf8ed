"""Argo's expressions word by word, as this engine writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LITERAL = r"'(?P<literal>(?:[^'\\]|\\.)*)'"
_TAG = re.compile(r"\{\{=(.*?)\}\}", re.DOTALL)  # an expression writes the braces of its constants as escapes
_INPUT = re.compile(r"inputs\.parameters\['([^']*)'\]")  # in a constant the quotes would be escaped
_TOKEN = re.compile(
    rf"""(?=[iwt'\[])(?:
    (?P<workspace>'/kfp-workspace')
  | inputs\.parameters\['(?P<input>[^']*)'\]
  | workflow\.parameters\['(?P<given>[^']*)'\]
  | tasks\['(?P<status>[^']*)'\]\.status
  | tasks\['(?P<task>[^']*)'\]\??\.outputs\??\.parameters(?:\?\.)?\['(?P<output>[^']*)'\]
  | (?P<run>workflow\.\w+|'<graft:[^']*>')
  | (?P<item>\bitem\b)
  | \[(?:'(?P<key>(?:[^'\\]|\\.)*)'|(?P<index>\d+))\]
  | {LITERAL})""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class Token:
    """One word of an expression that says something of its value.

    `kind` is input, given (to the run), status, output, run, workspace, item, key or literal; `task` is an output's.
    """

    kind: str
    text: str
    task: str = ""


def only_tag(text: str) -> str | None:
    """The expression of a text that is one tag and nothing else."""
    found = tags(text)
    return found[0] if len(found) == 1 and len(text) == len(found[0]) + len("{{=}}") else None


def tags(text: str) -> list[str]:
    """The expressions of every tag in a text."""
    return _TAG.findall(text)


def inputs(expression: str) -> set[str]:
    """The inputs of its template that an expression asks for."""
    return set(_INPUT.findall(expression))


def tokens(expression: str) -> Iterator[Token]:
    """What an expression speaks of, in order."""
    for match in _TOKEN.finditer(expression):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind in ("key", "literal"):
            text = unescaped(text)
        yield Token("key" if kind == "index" else kind, text, match["task"] or "")


def unescaped(literal: str) -> str:
    """What stands between the quotes of a constant, read."""
    text = _ESCAPE.sub(lambda match: _character(match[1]), literal)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _CONTROL.get(escape, escape)
