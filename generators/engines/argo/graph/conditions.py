"""A task's condition: from CEL, as kfp writes it, to Argo's expressions."""

from __future__ import annotations

import re
from collections.abc import Callable

from generators.engines.argo.refusals import Unsupported
from generators.engines.argo.text.expressions import literal
from generators.ir import cel

# No / and %: of whole numbers CEL divides whole, and Argo, to which every number is a double, does not.

_TOKEN = re.compile(
    r"""\s*(?:
    inputs\.parameter_values\[(?P<quote>['"])(?P<input>.*?)(?P=quote)\]
  | (?P<string>"""
    + cel.STRING
    + r""")
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>[a-zA-Z_]+)
  | (?P<operator>&&|\|\||==|!=|<=|>=|[<>!()+*-])
)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": "true", "false": "false", "in": "in", "int": "int", "double": "float", "string": "string"}


def translated(condition: str, value_of: Callable[[str], str]) -> str:
    """A condition in valid CEL as an expression that is true or false; Unsupported for what Argo does not have.

    `value_of` gives the decoded value of an input.
    """
    parts, position, text = [], 0, condition.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise _unsupported(condition, text[position:].split()[0])
        parts.append(_part(match, value_of, condition))
        position = match.end()
    return " ".join(parts)


def _part(match: re.Match[str], value_of: Callable[[str], str], condition: str) -> str:
    if match["input"] is not None:
        return value_of(match["input"])
    if match["string"] is not None:
        return literal(cel.text_of(match["string"]))
    if match["word"] is not None:
        if match["word"] not in _WORDS:
            raise _unsupported(condition, match["word"])
        return _WORDS[match["word"]]
    return match["number"] or match["operator"]


def _unsupported(condition: str, word: str) -> Unsupported:
    fix = "compare values by ==, !=, <, >, and, or"
    return Unsupported("condition", f"the condition {condition} uses {word}, which has no Argo equivalent", fix)
