"""The network, its fitting, and its weights in a file: from z-scored windows to the next z-scored row.

LSTM (Hochreiter and Schmidhuber 1997) by Adam (Kingma and Ba 2015) on the mean squared error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import keras, seed

from sequence_training.series import CHANNELS
from sequence_training.windows import LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sequence_training.settings import Hyperparameters
    from sequence_training.windows import Windows

PARAMETERS = 19_587
LEAST_MOVE = 1e-6  # by which the weights must have moved, relative to their size, for anything to have been learnt
BATCH = 256  # windows at once where nothing is learnt


@dataclass(frozen=True)
class Fitted:
    """The mean squared error of z-scores after each epoch, and the epoch (from 1) whose weights were kept."""

    training_loss: list[float]
    validation_loss: list[float]
    best_epoch: int


def network(number: int) -> keras.Model:
    """The network with the new weights that a seed gives."""
    seed(number)
    made = keras.Sequential(
        [
            keras.Input((LENGTH, CHANNELS)),
            keras.layers.LSTM(64),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(CHANNELS),
        ]
    )
    assert made.count_params() == PARAMETERS
    return made


def load(file: Path, number: int) -> keras.Model:
    """The network with stored weights; dropout and order follow the seed."""
    made = network(number)
    try:
        made.load_weights(str(file))
    except (OSError, ValueError, KeyError) as problem:
        raise StepError(
            f"the stored model holds no weights that fit the network: {problem}; start from a model that "
            "sequence-training or sequence-retraining stored"
        ) from problem
    return made


def fit(
    network: keras.Model, train: Windows, validation: Windows, how: Hyperparameters, say: Callable[[str], None]
) -> Fitted:
    """Fit on z-scored windows and keep the weights of the epoch with the lowest validation loss."""
    before = network.get_weights()
    network.compile(keras.optimizers.Adam(how.learning_rate), "mse")
    best = keras.callbacks.EarlyStopping("val_loss", patience=how.patience, restore_best_weights=True)
    told = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: say(_progress(epoch, how.epochs, logs)))
    history = network.fit(
        train.inputs.astype(np.float32),
        train.targets.astype(np.float32),
        batch_size=how.batch_size,
        epochs=how.epochs,
        validation_data=(validation.inputs.astype(np.float32), validation.targets.astype(np.float32)),
        callbacks=[best, told],
        verbose=0,
    ).history
    _require_learnt(before, network.get_weights(), history["loss"])
    return Fitted(history["loss"], history["val_loss"], best.best_epoch + 1)


def predicted(network: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """The next row [n, 3] after each window, z-scores both."""
    return network.predict(inputs.astype(np.float32), batch_size=BATCH, verbose=0)


def _progress(epoch: int, epochs: int, logs: dict[str, float]) -> str:
    return f"epoch {epoch + 1} of {epochs}: loss {logs['loss']:.4f}, validation {logs['val_loss']:.4f}"


def _require_learnt(before: list[np.ndarray], after: list[np.ndarray], losses: list[float]) -> None:
    if not np.isfinite(losses).all():
        raise StepError("the loss is no finite number: lower configuration.learning_rate, or look for wild values")
    flat = [np.concatenate([weights.ravel() for weights in each]) for each in (before, after)]
    if np.linalg.norm(flat[1] - flat[0]) <= LEAST_MOVE * np.linalg.norm(flat[0]):
        raise StepError(
            "the weights have not moved, so nothing was learnt: raise configuration.learning_rate or epochs"
        )
