"""The steps that compare: plots and metrics of a variant, and the choice by validation only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graft_steps.checks import StepError
from transfer_learning.steps import judging
from transfer_learning_small import Trained


def variant(folder: Path, name: str) -> tuple[Path, Path]:
    """A model and an evaluation on disk, told apart by their name."""
    arm = {"validation": [0], "test": [0], "curve": [0.5]}
    outcome = {"validation_truth": [0], "test_truth": [0], "transfer": arm, "scratch": arm, "frozen_epochs": 0}
    for kind in ("model", "evaluation"):
        (folder / name / kind).mkdir(parents=True)
        (folder / name / kind / "name").write_text(name)
    written = {"used": {"variant": name}, "outcomes": [outcome]}
    (folder / name / "evaluation" / "results.json").write_text(json.dumps(written))
    return folder / name / "model", folder / name / "evaluation"


@pytest.mark.parametrize(("accuracies", "best"), [([0.5, 0.7, 0.6], 1), ([0.7, 0.7], 0), ([0.1], 0)])
def test_the_variant_of_the_highest_validation_accuracy_is_picked(
    tmp_path: Path, accuracies: list[float], best: int
) -> None:
    models, evaluations = zip(*(variant(tmp_path, str(i)) for i in range(len(accuracies))), strict=True)
    model, evaluation = tmp_path / "model", tmp_path / "evaluation"
    assert judging.pick(accuracies, list(models), list(evaluations), model, evaluation) == best
    assert [(folder / "name").read_text() for folder in (model, evaluation)] == [str(best)] * 2


@pytest.mark.parametrize("accuracies", [[], [0.1, 0.2]])
def test_no_variant_and_counts_that_differ_are_refused(tmp_path: Path, accuracies: list[float]) -> None:
    model, evaluation = variant(tmp_path, "0")
    with pytest.raises(StepError, match="at least one, and as many of each"):
        judging.pick(accuracies, [model], [evaluation], tmp_path / "model", tmp_path / "evaluation")


def test_what_a_step_measures_is_what_the_model_answered(trained: Trained, tmp_path: Path) -> None:
    measured = judging.evaluate(trained.data, trained.results, tmp_path / "evaluation", tmp_path / "page.html")
    right = sum(measured.confusion[label][label] for label in range(3))
    assert measured.metrics["accuracy"] == right / 30
    assert len(measured.classes) == 3
    assert measured.used == trained.used
