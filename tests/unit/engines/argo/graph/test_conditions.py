"""Conditions as kfp writes them, in Argo's expressions."""

from __future__ import annotations

import pytest

from generators.engines.argo.graph.conditions import translated
from generators.errors import GraftError


@pytest.mark.parametrize(
    ("condition", "expression"),
    [
        ("inputs.parameter_values['a'] == true", "<a> == true"),
        ("inputs.parameter_values[\"a\"] == 'x{'", "<a> == 'x\\u007b'"),
        ("int(inputs.parameter_values['n']) >= 3", "int ( <n> ) >= 3"),
        ("double(inputs.parameter_values['n']) < 0.5", "float ( <n> ) < 0.5"),
        (
            "!(inputs.parameter_values['a'] == 'x') && inputs.parameter_values['b'] != 'it\\'s'",
            "! ( <a> == 'x' ) && <b> != 'it\\'s'",
        ),
    ],
)
def test_a_condition_of_kfp_s_has_its_equivalent(condition, expression):
    assert translated(condition, lambda name: f"<{name}>") == expression


def test_a_quote_inside_a_constant_does_not_end_it():
    assert translated("inputs.parameter_values['a'] == \"it's\"", lambda name: name) == "a == 'it\\'s'"


@pytest.mark.parametrize(
    "condition",
    [
        "inputs.parameter_values['a'] == 'it's'",
        "size(inputs.parameter_values['a']) > 1",
        "int(inputs.parameter_values['a']) / 2 == 1",  # whole to CEL, and not to Argo
        "inputs.parameter_values['a'] % 2 == 1",
    ],
)
def test_what_argo_does_not_have_is_an_error_and_not_a_guess(condition):
    with pytest.raises(GraftError, match="condition"):
        translated(condition, lambda name: name)
