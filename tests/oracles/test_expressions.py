"""Expressions have the value, or the error, that they have in the API server's own CEL environment of each release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.cel.environment import environment
from generators.cel.errors import EvaluationError, InvalidExpression
from generators.cel.go_text import general
from generators.cel.values import from_python, type_name

EXPRESSIONS = Path(__file__).with_name("expressions.txt").read_text("utf-8").splitlines()[1:]
RELEASES = ("1.26", "1.28", "1.29", "1.31", "1.33", "1.34", "1.36")
OBJECT = {
    "a": 1, "b": [1, 2, 3], "s": "x", "f": 1.5, "n": None, "t": True, "m": {"k": "v", "1": 2}, "big": 2**62,
    "ss": ["b", "a"],
    "fs": [1.5, 2.5], "mix": [1, "a", None], "e": [], "em": {}, "ll": [[1], [2, 3]], "q": "1Gi",
    "ts": "2024-02-29T12:34:56.789Z", "u": 2**63, "neg": -5,
}  # fmt: skip
PLAIN = ("string", "int", "uint", "bool", "double", "bytes", "type")


@pytest.mark.parametrize("release", RELEASES)
def test_every_expression_is_what_it_is_to_the_api_server_of_a_release(
    release: str, expressions_oracle: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    asked = [{"version": release, "expression": each, "object": OBJECT} for each in EXPRESSIONS]
    theirs = [_comparable(answer) for answer in expressions_oracle(asked)]
    ours = [_ours(release, each) for each in EXPRESSIONS]

    assert len(EXPRESSIONS) > 750 and {answer[0] for answer in theirs} == {"value", "error", "invalid"}
    together = zip(EXPRESSIONS, ours, theirs, strict=True)
    assert [(each, mine, answer) for each, mine, answer in together if mine != answer] == []


def test_google_s_cel_says_nothing_that_the_exact_evaluation_does_not() -> None:
    known = environment("1.36", {"object": "dyn"})
    values, said = {"object": from_python(OBJECT)}, 0
    for each in EXPRESSIONS:
        try:
            program = known.compile(each)
        except InvalidExpression:
            continue
        quick = program.fast(values) if program.fast else None
        if quick is not None:
            said += 1
            assert program.exact(values) == quick, each

    assert said > 40


def _ours(release: str, expression: str) -> tuple[str, Any]:
    try:
        value = environment(release, {"object": "dyn"}).compile(expression).exact({"object": from_python(OBJECT)})
    except InvalidExpression:
        return "invalid", None
    except EvaluationError as error:
        return "error", error.message
    return "value", _plain(value)


def _comparable(answer: dict[str, Any]) -> tuple[str, Any]:
    """An answer of the oracle; the words of what does not compile are not compared."""
    if answer["invalid"]:
        return "invalid", None
    return ("error", answer["error"]) if answer["error"] else ("value", _ordered(answer["value"]))


def _plain(value: Any) -> Any:
    """A value as the oracle writes it: its type and its text at every level; what is opaque by its type alone."""
    kind = type_name(value)
    if kind == "optional_type":
        return ["optional", _plain(value.value) if value.present else None]
    if kind == "list":
        return ["list", [*map(_plain, value)]]
    if kind == "map":
        return _ordered(["map", [[_plain(key), _plain(item)] for key, item in value.items()]])
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
