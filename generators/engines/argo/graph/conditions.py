"""A task's condition: from CEL, as kfp writes it, to Argo's expressions."""

from __future__ import annotations

import re
from collections.abc import Callable

from generators.engines.argo.text.expressions import literal
from generators.errors import GraftError
from generators.ir.values import check_condition

_TOKEN = re.compile(
    r"""\s*(?:
    inputs\.parameter_values\[(?P<quote>['"])(?P<input>.*?)(?P=quote)\]
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>[a-zA-Z_]+)
  | (?P<operator>&&|\|\||==|!=|<=|>=|[<>!()+*/%-])
)""",
    re.VERBOSE,
)
_WORDS = {"true": "true", "false": "false", "in": "in", "int": "int", "double": "float", "string": "string"}
_ESCAPE = re.compile(r"\\(.)")
_CONTROL = {"n": "\n", "t": "\t", "r": "\r"}


def translated(condition: str, value_of: Callable[[str], str]) -> str:
    """`condition` as an expression that is true or false; `value_of` gives the decoded value of an input.

    Raises GraftError where it is no valid CEL, or uses what has no like.
    """
    check_condition(condition)
    parts, position, text = [], 0, condition.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise GraftError(f"the condition {condition} uses {text[position:].split()[0]}, which has no like in Argo")
        parts.append(_part(match, value_of, condition))
        position = match.end()
    return " ".join(parts)


def _part(match: re.Match[str], value_of: Callable[[str], str], condition: str) -> str:
    if match["input"] is not None:
        return value_of(match["input"])
    if match["string"] is not None:
        return literal(_ESCAPE.sub(lambda found: _CONTROL.get(found[1], found[1]), match["string"][1:-1]))
    if match["word"] is not None:
        if match["word"] not in _WORDS:
            raise GraftError(f"the condition {condition} uses {match['word']}, which has no like in Argo")
        return _WORDS[match["word"]]
    return match["number"] or match["operator"]
