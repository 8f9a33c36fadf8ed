"""Messages about wrong values: what was found, what is allowed, what was probably meant."""

from __future__ import annotations

import pytest
from graft_steps.checks import StepError, fraction, integer, one_of, positive


def test_an_unknown_name_is_answered_with_the_nearest_and_the_allowed() -> None:
    with pytest.raises(StepError, match=r"optimizer: 'Adm' is not known; did you mean 'adam'\? Allowed: adam, sgd"):
        one_of("optimizer", "Adm", ("adam", "sgd"))


def test_a_name_near_nothing_is_answered_with_the_allowed_only() -> None:
    with pytest.raises(StepError, match=r"'zzz' is not known\. Allowed: adam, sgd$"):
        one_of("optimizer", "zzz", ("adam", "sgd"))


@pytest.mark.parametrize("value", [3, 3.0])
def test_a_whole_number_may_come_as_a_double(value: float) -> None:
    assert repr(integer("epochs", value, 1)) == "3"


@pytest.mark.parametrize("value", [3.5, True, "3", float("inf"), float("nan"), None])
def test_what_is_not_a_whole_number_is_refused(value: object) -> None:
    with pytest.raises(StepError, match=r"epochs: .* is not a whole number"):
        integer("epochs", value, 1)


def test_bounds_are_named() -> None:
    with pytest.raises(StepError, match="epochs: 0 must be at least 1"):
        integer("epochs", 0, 1)
    with pytest.raises(StepError, match="input_size: 9 must be from 1 to 8"):
        integer("input_size", 9, 1, 8)


@pytest.mark.parametrize("value", [1.0, -0.1, float("nan"), "0.5", True])
def test_a_fraction_is_from_0_to_below_1(value: object) -> None:
    with pytest.raises(StepError, match="from 0 to below 1"):
        fraction("dropout", value)


@pytest.mark.parametrize("value", [0, -1.0, float("inf"), float("nan"), "0.1"])
def test_a_learning_rate_is_above_0(value: object) -> None:
    with pytest.raises(StepError, match="above 0"):
        positive("learning_rate", value)
