"""What an expression evaluates to, as the oracle for expressions writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generators.cel.environment import environment
from generators.cel.errors import EvaluationError, InvalidExpression
from generators.cel.go_text import general
from generators.cel.values import type_name

PLAIN = ("string", "int", "uint", "bool", "double", "bytes", "type")


def ours(release: str, expression: str, values: Mapping[str, Any]) -> tuple[str, Any]:
    """What an expression of dynamic variables is to us: value, error or invalid, and which."""
    try:
        program = environment(release, dict.fromkeys(("object", *values), "dyn")).compile(expression)
        value = program.exact(dict(values))
    except InvalidExpression:
        return "invalid", None
    except EvaluationError as error:
        return "error", error.message
    return "value", plain(value)


def comparable(answer: dict[str, Any]) -> tuple[str, Any]:
    """An answer of the oracle; the words of what does not compile are not compared."""
    if answer["invalid"]:
        return "invalid", None
    return ("error", answer["error"]) if answer["error"] else ("value", _ordered(answer["value"]))


def plain(value: Any) -> Any:
    """A value as the oracle writes it: its type and its text at every level; what is opaque by its type alone."""
    kind = type_name(value)
    if kind == "optional_type":
        return ["optional", plain(value.value) if value.present else None]
    if kind == "list":
        return ["list", [*map(plain, value)]]
    if kind == "map":
        return _ordered(["map", [[plain(key), plain(item)] for key, item in value.items()]])
    if kind == "null_type":
        return ["null", None]
    texts = {"bool": str(value).lower(), "bytes": value.hex() if kind == "bytes" else "", "double": ""}
    if kind == "double":
        return [kind, general(value)]
    if kind == "type":
        return [kind, value.name]
    if kind in ("int", "uint"):
        return [kind, str(int(value))]
    return [kind, texts.get(kind, value)] if kind in PLAIN else [kind, None]


def _ordered(value: Any) -> Any:
    """A value of the oracle with the entries of its maps in order."""
    if value is None or value[0] in (*PLAIN, "null"):
        return value
    kind, inner = value
    if kind == "map":
        return [
            kind,
            sorted(([_ordered(key), _ordered(item)] for key, item in inner), key=lambda pair: json.dumps(pair[0])),
        ]
    if kind == "list":
        return [kind, [*map(_ordered, inner)]]
    return [kind, _ordered(inner) if inner else None] if kind == "optional" else [kind, None]
