"""Parameters: what is allowed, and what is said of what is not."""

from __future__ import annotations

from typing import Any

import pytest
from graft_steps.checks import StepError
from latent_boundary import settings


@pytest.mark.parametrize(
    ("value", "valid", "expected"), [(0.02, 4000, 80), (0.5, 101, 50), (40, 1000, 40), (40.0, 1000, 40), (1, 10, 1)]
)
def test_chosen_is_a_ratio_below_one_and_a_number_from_there(value: float, valid: int, expected: int) -> None:
    assert settings.chosen(value, valid) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [(0.6, "more than half of the 100 valid scores; set at most 50"), (51, "more than half"), (2.5, "neither a ratio"),
     (0, "above 0"), (-3, "above 0"), (True, "above 0"), ("many", "above 0")],
)  # fmt: skip
def test_at_most_half_can_be_chosen(value: Any, message: str) -> None:
    with pytest.raises(StepError, match=message):
        settings.chosen(value, 100)


@pytest.mark.parametrize(
    ("value", "message"),
    [([], "not a list of at least one"), ("smile", "not a list"), (["smile", "smile"], "smile: named twice"),
     (["a/b"], "is not a name"), ([3], "is not a name")],
)  # fmt: skip
def test_attributes_are_an_explicit_list_of_names(value: Any, message: str) -> None:
    with pytest.raises(StepError, match=message):
        settings.attributes(value)


@pytest.mark.parametrize(("images", "allowed"), [(99, False), (100, True), (50_000, True), (50_001, False)])
def test_images_are_a_hundred_to_fifty_thousand(images: int, allowed: bool) -> None:
    if allowed:
        assert settings.images(images) == images
    else:
        with pytest.raises(StepError, match="from 100 to 50000"):
            settings.images(images)


@pytest.mark.parametrize("ratio", [0, 1, -0.1, True, "half"])
def test_a_split_leaves_something_on_both_sides(ratio: Any) -> None:
    with pytest.raises(StepError, match="above 0 and below 1"):
        settings.split_ratio(ratio)
