"""A variable reaches a step as it is written, or is refused."""

from __future__ import annotations

import pytest

from generators.engines.vertex import variables


@pytest.mark.parametrize(
    "value", ["x", " ", "$HOME", "$(date +%s)", "a$b", "{{x}}", "postgresql://a%40b.iam@h:1/d?x=y"]
)
def test_plain_texts_are_accepted(value: str) -> None:
    assert list(variables.misread({"X": value})) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "without a value"),
        ("$(HOME)/x", "reads $(HOME)"),
        ("costs $$5", "reads $$"),
        ("{{$.inputs.parameters['x']}}", "fills no placeholder"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused(value: str, words: str) -> None:
    ((name, problem),) = variables.misread({"X": value, "Y": "fine"})

    assert name == "X" and words in problem.message and problem.fix and problem.found == value
