"""The network: exactly the layers that were asked for, learning that is seen to happen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from sequence_training import networks
from sequence_training.series import Series
from sequence_training.settings import Hyperparameters
from sequence_training.windows import Scaler, Windows, windows
from sequence_training_small import document

HOW = Hyperparameters.checked(document(epochs=1, batch_size=32))


@pytest.fixture(scope="module")
def few(short: Series) -> Windows:
    return windows(Scaler.fitted(short.values).scaled(short.values), slice(0, 400), 3)


def quiet(_: str) -> None:
    """Says nothing."""


def test_its_layers_and_its_19587_parameters_are_those_asked_for() -> None:
    network = networks.network(1)
    described = [(type(layer).__name__, layer.get_config()) for layer in network.layers]
    assert [name for name, _ in described] == ["LSTM", "Dropout", "Dense", "Dense"]
    (_, lstm), (_, dropout), (_, hidden), (_, output) = described
    assert (lstm["units"], dropout["rate"], hidden["units"], hidden["activation"]) == (64, 0.2, 32, "relu")
    assert (output["units"], output["activation"]) == (3, "linear")
    assert network.count_params() == 19_587 and network.input_shape == (None, 100, 3)


def test_a_seed_gives_one_network_and_one_training(few: Windows) -> None:
    first, again, other = (networks.network(seed) for seed in (1, 1, 2))
    for one, two in ((first, again), (first, other)):
        same = all(np.array_equal(*pair) for pair in zip(one.get_weights(), two.get_weights(), strict=True))
        assert same == (two is again)
    losses = [networks.fit(network, few, few, HOW, quiet).training_loss for network in (first, again)]
    assert losses[0] == losses[1]
    np.testing.assert_array_equal(*(networks.predicted(network, few.inputs[:4]) for network in (first, again)))


def test_a_loss_without_end_is_found(few: Windows) -> None:
    wild = replace(few, targets=np.full_like(few.targets, 1e30))
    with pytest.raises(StepError, match="the loss is no finite number"):
        networks.fit(networks.network(1), wild, few, HOW, quiet)


def test_training_ends_where_it_no_longer_helps_and_keeps_the_best_epoch(few: Windows) -> None:
    noise = replace(few, targets=np.random.default_rng(1).normal(size=few.targets.shape))
    fitted = networks.fit(networks.network(1), noise, few, replace(HOW, epochs=9, patience=1), quiet)
    assert len(fitted.validation_loss) == fitted.best_epoch + 1 < 9
    assert fitted.validation_loss[fitted.best_epoch - 1] == min(fitted.validation_loss)


def test_weights_of_something_else_are_refused(tmp_path: Path, few: Windows) -> None:
    (tmp_path / "network.weights.h5").write_text("no weights")
    with pytest.raises(StepError, match="holds no weights that fit the network"):
        networks.load(tmp_path / "network.weights.h5", 1)
