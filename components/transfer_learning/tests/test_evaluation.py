"""Evaluation of answers that are small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graft_steps.checks import StepError
from graft_steps.statistics import Proportion
from transfer_learning.evaluation import Evaluation, read


def outcome(transfer: list[int], scratch: list[int]) -> dict[str, Any]:
    return {
        "validation_truth": [0, 1],
        "test_truth": [0, 0, 1, 1],
        "transfer": {"validation": [0, 1], "test": transfer, "curve": [0.5]},
        "scratch": {"validation": [1, 1], "test": scratch, "curve": [0.5]},
        "frozen_epochs": 1,
    }


def measured(folder: Path, *outcomes: dict[str, Any]) -> Evaluation:
    file = folder / "results.json"
    file.write_text(json.dumps({"used": {"data": "x"}, "outcomes": list(outcomes)}))
    return read(file)


def test_accuracy_is_that_of_the_first_draw_and_the_comparison_that_of_all(tmp_path: Path) -> None:
    found = measured(tmp_path, outcome([0, 0, 1, 0], [1, 1, 1, 1]), outcome([0, 0, 1, 1], [0, 0, 1, 0]))
    assert (found.accuracy, found.majority, found.validation_accuracy) == (Proportion(3, 4), 0.5, 1.0)
    assert (found.transfer, found.scratch) == (Proportion(7, 8), Proportion(5, 8))
    assert (found.pooled.only_first, found.pooled.only_second, found.pooled.n) == (3, 1, 8)
    assert found.metrics()["transfer_minus_scratch"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("transfer", "scratch", "verdict"),
    [
        ([0, 0, 1, 1], [1, 1, 0, 0], "transfer beats scratch"),
        ([1, 1, 0, 0], [0, 0, 1, 1], "scratch beats transfer"),
        ([0, 0, 1, 1], [0, 0, 1, 0], "no difference shown between transfer and scratch"),
    ],
)
def test_the_verdict_says_no_more_than_the_interval_allows(
    tmp_path: Path, transfer: list[int], scratch: list[int], verdict: str
) -> None:
    assert measured(tmp_path, *[outcome(transfer, scratch)] * 3).verdict == verdict


def test_draws_that_disagree_show_nothing_however_many_items_they_have(tmp_path: Path) -> None:
    """Over the eight items the interval is above 0; over the two draws, of which one shows nothing, it is not."""
    found = measured(tmp_path, outcome([0, 0, 1, 1], [1, 1, 0, 0]), outcome([0, 0, 1, 1], [0, 0, 1, 1]))
    assert found.pooled.interval()[0] > 0
    assert found.verdict == "no difference shown between transfer and scratch"


def test_one_draw_has_no_interval_across_draws(tmp_path: Path) -> None:
    assert "across_draws_low" not in measured(tmp_path, outcome([0, 0, 1, 1], [0, 0, 1, 0])).metrics()


def test_training_that_wrote_down_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="contains no draws"):
        measured(tmp_path)
