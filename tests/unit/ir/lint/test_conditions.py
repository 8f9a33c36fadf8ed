"""Which conditions no value meets, or compare what cannot be compared."""

from __future__ import annotations

import pytest

from tests.unit.ir.lint.conftest import ASKED, CHANNEL, HANDLED, INNER, Lint

CONDITION = "triggerPolicy.condition"


@pytest.mark.parametrize(
    ("condition", "is_possible"),
    [
        (f"{ASKED} == 'on'", True),
        (f"{ASKED} == 'on' && {ASKED} == 'half'", False),
        (f"!({ASKED} == 'on') && {ASKED} == 'on'", False),
        (f"!({ASKED} == 'on') && {ASKED} == 'half'", True),
        (f"{ASKED} < 'a' && {ASKED} > 'b'", False),
        (f"{ASKED} > 'a' && {ASKED} < 'b'", True),
        ("1 == 2", False),
        ("false", False),
        ("true", True),
        (f"{ASKED}.startsWith('x') && {ASKED} == 'y'", True),  # not of kfp's making: taken to be possible
    ],
)
def test_a_condition_that_no_value_meets_is_found(found: Lint, condition: str, is_possible: bool) -> None:
    problems = found({f"{HANDLED}.inner.{CONDITION}": condition, f"{INNER}.deep.triggerPolicy": None})

    expected = [] if is_possible else [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")]
    assert [each for each in problems if each[1] != "unused"] == expected


@pytest.mark.parametrize(
    ("condition", "is_possible"), [(f"{ASKED} == 'on'", True), (f"{ASKED} == 'off'", False), (f"{ASKED} != 'on'", True)]
)
def test_conditions_around_it_count(found: Lint, condition: str, is_possible: bool) -> None:
    """`inner` runs where the mode is on or half."""
    problems = found({f"{INNER}.deep.{CONDITION}": condition})

    assert problems == ([] if is_possible else [("invalid", "never", f"{INNER}.deep.{CONDITION}")])


@pytest.mark.parametrize(
    ("value", "is_possible"), [("on", True), ("off", False), ("{{$.inputs.parameters['n']}}", True)]
)
def test_a_constant_counts(found: Lint, value: str, is_possible: bool) -> None:
    given = {"runtimeValue": {"constant": value}}

    problems = found({f"{HANDLED}.inner.inputs.parameters.{CHANNEL}": given})

    assert problems == ([] if is_possible else [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")])


def test_the_values_that_a_parameter_may_have_count(found: Lint) -> None:
    at = "root.inputDefinitions.parameters.mode.literals"

    assert found({at: ["on", "off"]}) == []
    assert found({at: ["off", "none"]}) == [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")]


def test_a_task_that_runs_where_it_is_used_a_second_time_is_none_that_never_runs(found: Lint) -> None:
    second = {
        "componentRef": {"name": "comp-inner"},
        "taskInfo": {"name": "second"},
        "inputs": {
            "parameters": {
                "n": {"runtimeValue": {"constant": 1}},
                CHANNEL: {"runtimeValue": {"constant": "x"}},
            }
        },
    }
    never = {f"{INNER}.deep.{CONDITION}": f"{ASKED} == 'x'"}

    assert found(never) == [("invalid", "never", f"{INNER}.deep.{CONDITION}")]
    assert found({**never, f"{HANDLED}.second": second}) == []


@pytest.mark.parametrize(
    "condition",
    [
        f"{ASKED} == 1",
        f"{ASKED} < 1.5",
        f"{ASKED} == true",
        f"{ASKED} > true || {ASKED} == 'on'",
        f"{ASKED}",
        "'text'",
    ],
)
def test_a_comparison_of_two_types_is_found(found: Lint, condition: str) -> None:
    problems = found({f"{HANDLED}.inner.{CONDITION}": condition})

    assert ("invalid", "condition", f"{HANDLED}.inner.{CONDITION}") in problems


@pytest.mark.parametrize(
    "condition", [f"int({ASKED}) == 1", f"{ASKED} == 1", f"double({ASKED}) >= 0.5", f"{ASKED} < 1.5"]
)
def test_a_number_is_a_double_and_an_integer(found: Lint, condition: str) -> None:
    places = (
        f"components.comp-handled.inputDefinitions.parameters.{CHANNEL}",
        f"components.comp-inner.inputDefinitions.parameters.{CHANNEL}",
        "root.inputDefinitions.parameters.mode",
    )
    kinds = {f"{at}.parameterType": "NUMBER_INTEGER" for at in places}

    assert found({**kinds, f"{HANDLED}.inner.{CONDITION}": condition, f"{INNER}.deep.{CONDITION}": "true"}) == []
