"""Fitting: it learns, and starting anew really forgets."""

from __future__ import annotations

import numpy as np
from transfer_learning import networks
from transfer_learning.fitting import Fit, predicted
from transfer_learning.runtime import seed
from transfer_learning.settings import Layer, training

LABELS = np.arange(40) % 2
FEATURES = (np.random.default_rng(0).normal(0, 0.3, (40, 4)) + LABELS[:, None]).astype(np.float32)


def fit() -> Fit:
    seed(1)
    return Fit(networks.head(4, [Layer(8)], 2), training("adam", 0.05, 10, 16, 1))


def run(fitted: Fit) -> list[float]:
    return fitted.run((FEATURES, LABELS), (FEATURES, LABELS), 10, np.random.default_rng(0))


def test_a_separable_task_is_learnt() -> None:
    fitted = fit()
    assert run(fitted)[-1] > 0.9
    assert (predicted(fitted.network, FEATURES) == LABELS).mean() > 0.9


def test_starting_anew_repeats_the_first_run_exactly() -> None:
    """The optimizer's moments and step count are part of what has to be forgotten."""
    fitted = fit()
    start = fitted.network.get_weights()
    run(fitted)
    first = fitted.network.get_weights()
    fitted.restart(start)
    run(fitted)
    for once, again in zip(first, fitted.network.get_weights(), strict=True):
        np.testing.assert_array_equal(once, again)


def test_keeping_the_weights_does_not_start_over() -> None:
    fitted = fit()
    curve = run(fitted)
    fitted.restart()
    assert run(fitted)[0] >= curve[-1] - 0.1
