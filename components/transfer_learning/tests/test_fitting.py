"""Fitting: it learns, and a reset really forgets."""

from __future__ import annotations

import numpy as np
from graft_steps.tensorflow_runtime import seed
from graft_steps.training import Training
from transfer_learning import networks
from transfer_learning.fitting import Trainer, predicted
from transfer_learning.settings import Layer

LABELS = np.arange(40) % 2
FEATURES = (np.random.default_rng(0).normal(0, 0.3, (40, 4)) + LABELS[:, None]).astype(np.float32)


def make_trainer() -> Trainer:
    seed(1)
    return Trainer(networks.head(4, [Layer(8)], 2), Training.checked("adam", 0.05, 10, 16, 1))


def run(trainer: Trainer) -> list[float]:
    return trainer.run((FEATURES, LABELS), (FEATURES, LABELS), 10, np.random.default_rng(0))


def test_a_separable_task_is_learnt() -> None:
    trainer = make_trainer()
    assert run(trainer)[-1] > 0.9
    assert (predicted(trainer.network, FEATURES) == LABELS).mean() > 0.9


def test_a_reset_repeats_the_first_run_exactly() -> None:
    """The optimizer's moments and step count are part of what has to be forgotten."""
    trainer = make_trainer()
    start = trainer.network.get_weights()
    run(trainer)
    first = trainer.network.get_weights()
    trainer.reset(start)
    run(trainer)
    for once, again in zip(first, trainer.network.get_weights(), strict=True):
        np.testing.assert_array_equal(once, again)


def test_keeping_the_weights_does_not_start_over() -> None:
    trainer = make_trainer()
    curve = run(trainer)
    trainer.reset()
    assert run(trainer)[0] >= curve[-1] - 0.1
