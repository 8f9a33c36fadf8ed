"""The steps that compare: plots and metrics of a variant, and the choice by validation only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graft_steps.checks import StepError
from graft_steps.training import Training
from transfer_learning import plots
from transfer_learning.steps import judging, learning
from transfer_learning_small import Trained


def variant(folder: Path, name: str, answer: int = 0) -> tuple[Path, Path]:
    """A model and an evaluation on disk, told apart by their name; `answer` is the one to the only validation item."""
    arm = {"validation": [answer], "test": [0], "curve": [0.5]}
    outcome = {"validation_truth": [0], "test_truth": [0], "transfer": arm, "scratch": arm, "frozen_epochs": 0}
    for kind in ("model", "evaluation/plots"):
        (folder / name / kind).mkdir(parents=True)
    for kind in ("model", "evaluation"):
        (folder / name / kind / "name").write_text(name)
    for plot in plots.TITLES.values():
        (folder / name / "evaluation" / "plots" / plot).write_bytes(b"PNG")
    written = {"used": {"variant": name, "epochs": 5, "data": "voices"}, "outcomes": [outcome]}
    (folder / name / "evaluation" / "results.json").write_text(json.dumps(written))
    return folder / name / "model", folder / name / "evaluation"


def found(folder: Path, accuracies: list[float], before: list[Path] | None = None) -> list[judging.Candidate]:
    models, evaluations = zip(*(variant(folder, str(i)) for i in range(len(accuracies))), strict=True)
    return judging.candidates(accuracies, list(models), list(evaluations), before or [])


@pytest.mark.parametrize(("accuracies", "best"), [([0.5, 0.7, 0.6], 1), ([0.7, 0.7], 0), ([0.1], 0)])
def test_the_variant_of_the_highest_validation_accuracy_is_picked(
    tmp_path: Path, accuracies: list[float], best: int
) -> None:
    model, evaluation = tmp_path / "model", tmp_path / "evaluation"
    picked = judging.pick(found(tmp_path, accuracies), 1, model, evaluation)
    assert picked.used["variant"] == str(best)
    assert picked.rounds == (accuracies[best],)
    assert [(folder / "name").read_text() for folder in (model, evaluation)] == [str(best)] * 2


def test_the_best_of_the_rounds_before_stays_unless_a_later_one_is_better(tmp_path: Path) -> None:
    first = [tmp_path / "first" / name for name in ("model", "evaluation")]
    judging.pick(found(tmp_path / "1", [0.2]), 1, *first)  # its answers on validation items: none is wrong
    second = [tmp_path / "second" / name for name in ("model", "evaluation")]

    picked = judging.pick(found(tmp_path / "2", [0.9], first), 2, *second)

    assert (picked.rounds, picked.validation_accuracy) == ((0.2, 1.0), 1.0)
    assert (second[1] / "plots" / "rounds.png").is_file() and "Rounds of the search" in (
        second[1] / "report.html"
    ).read_text()


@pytest.mark.parametrize(("answer", "limit", "again"), [(0, 2, False), (1, 2, True), (1, 1, False)])
def test_a_round_follows_until_the_target_or_the_limit_is_reached(
    tmp_path: Path, answer: int, limit: int, again: bool
) -> None:
    """The only validation item is of class 0."""
    models, evaluations = zip(variant(tmp_path, "0", answer), strict=True)
    candidates = judging.candidates([1.0 - answer], list(models), list(evaluations), [])
    picked = judging.pick(candidates, 1, tmp_path / "model", tmp_path / "evaluation")
    assert judging.goes_on(picked, 0.5, limit) is again


@pytest.mark.parametrize("accuracies", [[], [0.1, 0.2]])
def test_no_variant_and_counts_that_differ_are_refused(tmp_path: Path, accuracies: list[float]) -> None:
    model, evaluation = variant(tmp_path, "0")
    with pytest.raises(StepError, match="at least one, and as many of each"):
        judging.candidates(accuracies, [model], [evaluation], [])


def test_a_later_round_trains_twice_as_long() -> None:
    how = Training.checked("adam", 0.1, 5, 8, 1)
    assert [learning.in_round(how, number).epochs for number in (1, 2, 3)] == [5, 10, 20]


def test_what_a_step_measures_is_what_the_model_answered(trained: Trained, tmp_path: Path) -> None:
    measured = judging.evaluate(trained.data, trained.results, tmp_path / "evaluation", tmp_path / "page.html")
    right = sum(measured.confusion[label][label] for label in range(3))
    assert measured.metrics["accuracy"] == right / 30
    assert len(measured.classes) == 3
    assert measured.used == trained.used
    written = json.loads((tmp_path / "evaluation" / "results.json").read_text())
    pairs = list(zip(written["truth"], written["answers"], strict=True))
    assert sum(true == answer for true, answer in pairs) / len(pairs) == measured.metrics["accuracy"]
