"""The experiment: repeatable to the last answer, and its exported network the one that was measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from graft_steps.training import Training
from transfer_learning import backbones, networks
from transfer_learning.dataset import Data
from transfer_learning.experiment import NetworkPair, compare
from transfer_learning.fitting import predicted
from transfer_learning.settings import stack
from transfer_learning_small import HEAD, Trained


def run(trained: Trained, data: Data, seed: int) -> tuple[list[dict[str, Any]], np.ndarray]:
    backbone = networks.cut(backbones.load(trained.backbone, 16, 1), "features", 1)
    pair = NetworkPair(backbone, stack(HEAD), 3, Training.checked("adam", 0.003, 6, 8, seed))
    found, network = compare(data, pair, 16, lambda line: None)
    return [outcome.as_json() for outcome in found], predicted(network, networks.inputs(data.draws[0].test.images, 16))


@pytest.fixture(scope="module")
def again(trained: Trained, data: Data) -> tuple[list[dict[str, Any]], np.ndarray]:
    return run(trained, data, 11)


def test_the_same_seed_gives_the_same_answers_to_the_last(
    again: tuple[list[dict[str, Any]], np.ndarray], outcomes: list[dict[str, Any]]
) -> None:
    """`outcomes` were made by the step, in its own order of things: dropout and new weights must be seeded too."""
    assert again[0] == outcomes


def test_another_seed_gives_other_answers(trained: Trained, data: Data, outcomes: list[dict[str, Any]]) -> None:
    assert run(trained, data, 12)[0] != outcomes


def test_the_network_handed_on_is_the_transferred_one_of_draw_1(
    again: tuple[list[dict[str, Any]], np.ndarray],
) -> None:
    found, answers = again
    assert answers.tolist() == found[0]["transfer"]["test"]


def test_both_have_the_same_budget(outcomes: list[dict[str, Any]]) -> None:
    assert {len(outcome[arm]["curve"]) for outcome in outcomes for arm in ("transfer", "scratch")} == {6}
    assert {outcome["frozen_epochs"] for outcome in outcomes} == {3}
