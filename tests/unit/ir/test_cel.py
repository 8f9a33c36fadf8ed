"""A string literal is read as Google's CEL reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generators.engines.argo.graph.conditions import translated
from generators.engines.argo.readback.conditions import condition as read_back
from generators.errors import GraftError
from generators.ir import cel
from generators.ir.normal_form.text import condition as normal_form
from generators.ir.values import check_condition, holds

PIECES = ["a", " ", "'", '"', "{", "}", "$", "é", "\U0001f600", "\\", "\\\\", "\\n", "\\b", "\\v", "\\a", "\\x41"]
PIECES += [
    "\\X7f",
    "\\u00e9",
    "\\U0001F600",
    "\\101",
    "\\377",
    "\\?",
    "\\`",
    "\\'",
    '\\"',
    "\\d",
    "\\x4",
    "\\400",
    "\n",
]
QUOTES = ["'", '"', "'''", '"""', "r'", 'R"', 'r"""', "r'''"]


@given(st.sampled_from(QUOTES), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@example("'", "C:\\bin")
@example("'", "\\u0041\\x42\\103")
@example("r'", "\\d+")
def test_what_google_s_cel_takes_is_read_as_it_reads_it(opened: str, text: str) -> None:
    literal = opened + text + opened.lstrip("rR")
    condition = f"inputs.parameter_values['x'] == {literal}"
    try:
        check_condition(condition)
    except GraftError:
        return
    if not re.fullmatch(cel.STRING, literal, re.VERBOSE | re.DOTALL):
        return  # more than one literal, which CEL does not join, or none

    assert holds(condition, {"x": cel.text_of(literal)})


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r"'C:\bin'", "C:\bin"),
        (r"'\u0041\x42\103'", "ABC"),
        (r"r'C:\bin'", r"C:\bin"),
        ("'''it's'''", "it's"),
        (r'"\"\\\`"', '"\\`'),
    ],
)
def test_argo_compares_with_what_cel_reads_and_parity_sees_it(literal: str, text: str) -> None:
    condition = f"inputs.parameter_values['x'] == {literal}"
    assert holds(condition, {"x": text})

    expression = "{{=" + translated(condition, lambda name: f"fromJSON(inputs.parameters['{name}'])") + "}}"

    assert read_back(expression).partition(" == ")[2] == normal_form(condition, {}).partition(" == ")[2]
    assert holds(f"inputs.parameter_values['x'] == {_as_cel(expression)}", {"x": text})


def _as_cel(expression: str) -> str:
    """The literal of an Argo expression; what expr-lang escapes of it CEL reads alike."""
    return expression.removesuffix("}}").partition(" == ")[2]
