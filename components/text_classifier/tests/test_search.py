"""The search tries what it says, and picks by the validation part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graft_steps.checks import StepError
from text_classifier import search
from text_classifier.settings import Network, Search
from text_classifier.steps import planning, searching
from text_classifier_small import NETWORK, TRAINING, Small, eagerly, job, task

RANGES = {"trials": 4, "filters": [80, 150], "conv_layers": [2, 3], "dropout": [0.45, 0.55]}
GIVEN = Network.checked(NETWORK)


def trials(seed: int = 7, **changed: Any) -> list[Network]:
    return search.trials(GIVEN, Search.checked({**RANGES, **changed}), seed)


def test_it_tries_the_given_network_and_others_within_the_ranges_as_many_as_it_says() -> None:
    for seed in range(20):
        first, *others = found = trials(seed)
        assert first == GIVEN and len(found) == len(set(found)) == 4
        for each in others:
            assert 80 <= each.filters <= 150 and each.conv_layers in (2, 3) and 0.45 <= each.dropout <= 0.55
    assert trials(7) == trials(7) != trials(8)
    assert len(trials(trials=2)) == 2 and trials(trials=0) == []


def test_the_plan_hands_on_what_is_tried() -> None:
    plan = planning.plan(NETWORK, TRAINING, RANGES, job())
    assert plan.searches and plan.trials == [each.facts() for each in trials()]
    assert json.loads(json.dumps(plan.trials)) == plan.trials
    assert not planning.plan(NETWORK, TRAINING, {**RANGES, "trials": 0}, job()).searches


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trials": 5}, "search.trials: 5 must be from 0 to 4"),
        ({"trials": 1}, "search.trials: 1 would choose among one"),
        ({"filters": [150, 80]}, "begins above its end"),
        ({"conv_layers": [2, 4]}, "search.conv_layers: 4 layers need as many filter_sizes, and 3 are given"),
        ({"dropout": [0.5]}, "must be two numbers"),
        ({"dropout": [0.5, 1]}, "search.dropout: 1 must be a number from 0 to below 1"),
        ({"filters": [9, 9], "conv_layers": [2, 2], "dropout": [0.5, 0.5]}, "hold fewer than 4 different networks"),
        ({"layers": [1, 2]}, "search: 'layers' is not known"),
    ],
)
def test_ranges_that_are_none_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(StepError, match=said):
        trials(**changed)


def result(loss: float, accuracy: float, folder: Path, filters: int) -> Path:
    folder.mkdir()
    written = {
        "network": {**NETWORK, "filters": filters},
        "validation_loss": loss,
        "validation_accuracy": accuracy,
        "best_epoch": 1,
    }
    (folder / searching.FILE).write_text(json.dumps(written))
    return folder


def test_the_lowest_validation_loss_is_picked_whatever_the_order(tmp_path: Path) -> None:
    folders = [result(loss, 0.5, tmp_path / str(at), at + 1) for at, loss in enumerate([0.9, float("nan"), 0.3, 0.7])]
    for order in (folders, folders[::-1]):
        network, numbers = searching.pick(order, 4, tmp_path / "page.html")
        assert network["filters"] == 3 and numbers["validation_loss"] == 0.3 and numbers["trials"] == 4
    assert "data:image/png" in (tmp_path / "page.html").read_text()
    with pytest.raises(StepError, match="3 results of 4 trials arrived"):
        searching.pick(folders[:3], 4, tmp_path / "page.html")
    with pytest.raises(StepError, match="no trial has a finite validation loss"):
        searching.pick([folders[1]], 1, tmp_path / "page.html")


def test_a_trial_is_measured_on_the_validation_part_alone(small: Small, tmp_path: Path) -> None:
    import shutil

    from text_classifier import dataset

    blind = tmp_path / "data"
    shutil.copytree(small.data, blind)
    data, facts = dataset.read(blind)
    other = dataset.Part(tuple(f"other {text}" for text in data.test.texts), data.test.labels)
    dataset.write(dataset.Data(data.training, data.validation, other, data.classes, data.tokenizer), facts, blind)
    wanted = {"epochs": 1, "batch_size": 200}
    with eagerly():
        first = searching.attempt(task(small, **wanted), tmp_path / "first")
        second = searching.attempt(task(Small(blind, small.embeddings, {}, {}), **wanted), tmp_path / "second")
    assert first == second and 0 < first["validation_loss"] < 3
    written = json.loads((tmp_path / "first" / searching.FILE).read_text())
    assert written["network"] == {**NETWORK} and written["validation_loss"] == first["validation_loss"]


def test_cross_entropy_is_that_of_the_right_class() -> None:
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75]])
    assert search.cross_entropy(probabilities, np.array([0, 1])) == pytest.approx(-(np.log(0.5) + np.log(0.75)) / 2)
