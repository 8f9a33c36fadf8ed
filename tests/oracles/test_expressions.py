"""Expressions have the value, or the error, that they have in the API server's own CEL environment of each release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from comparison import comparable, ours

from generators.cel.environment import environment
from generators.cel.errors import InvalidExpression
from generators.cel.values import from_python

EXPRESSIONS = Path(__file__).with_name("expressions.txt").read_text("utf-8").splitlines()[1:]
RELEASES = ("1.26", "1.28", "1.29", "1.31", "1.33", "1.34", "1.36")
OBJECT = {
    "a": 1, "b": [1, 2, 3], "s": "x", "f": 1.5, "n": None, "t": True, "m": {"k": "v", "1": 2}, "big": 2**62,
    "ss": ["b", "a"],
    "fs": [1.5, 2.5], "mix": [1, "a", None], "e": [], "em": {}, "ll": [[1], [2, 3]], "q": "1Gi",
    "ts": "2024-02-29T12:34:56.789Z", "u": 2**63, "neg": -5,
}  # fmt: skip


@pytest.mark.parametrize("release", RELEASES)
def test_every_expression_is_what_it_is_to_the_api_server_of_a_release(
    release: str, expressions_oracle: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    asked = [{"version": release, "expression": each, "object": OBJECT} for each in EXPRESSIONS]
    theirs = [comparable(answer) for answer in expressions_oracle(asked)]
    answers = [ours(release, each, {"object": from_python(OBJECT)}) for each in EXPRESSIONS]

    assert len(EXPRESSIONS) > 750 and {answer[0] for answer in theirs} == {"value", "error", "invalid"}
    together = zip(EXPRESSIONS, answers, theirs, strict=True)
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
