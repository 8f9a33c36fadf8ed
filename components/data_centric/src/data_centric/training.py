"""Training of the fixed network: the weights of the best validation accuracy are kept, and must have learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.statistics import Proportion, majority
from graft_steps.tensorflow_runtime import keras, seed

from data_centric import network
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from data_centric.examples import Examples

Curves = dict[str, list[float]]


class Best(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the best validation accuracy, the first of equals, and says each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.accuracy, self.epoch, self.weights = -1.0, 0, []

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Keep the weights where this epoch is better."""
        accuracy, validation = logs["accuracy"], logs["val_accuracy"]
        say(f"epoch {epoch + 1}: accuracy {accuracy:.3f}, validation {validation:.3f}, loss {logs['loss']:.3f}")
        if validation > self.accuracy:
            self.accuracy, self.epoch, self.weights = validation, epoch + 1, self.model.get_weights()


def fit(train: Examples, validation: Examples, epochs: int, number: int) -> tuple[keras.Model, Curves, int]:
    """The trained network, a value of each measure an epoch, and the epoch whose weights it has.

    StepError where the weights have not moved, are no numbers, or tell no class from another on validation images.
    """
    seed(number)
    made = network.build(len(CLASSES))
    new = [variable.numpy() for variable in made.trainable_variables]
    best = Best()
    history = made.fit(
        *inputs(train),
        batch_size=network.BATCH_SIZE,
        epochs=epochs,
        validation_data=inputs(validation),
        callbacks=[best],
        verbose=0,
    ).history
    made.set_weights(best.weights)
    _require_learning(made, new, history, validation.labels, best)
    names = {"accuracy": "train_accuracy", "loss": "train_loss"} | {
        f"val_{n}": f"validation_{n}" for n in ("accuracy", "loss")
    }
    return made, {names[name]: [float(value) for value in values] for name, values in history.items()}, best.epoch


def inputs(examples: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Images [n, 32, 32, 3] and one-hot labels [n, 10] as the network takes them."""
    return np.repeat(examples.images, network.CHANNELS, axis=-1), keras.utils.to_categorical(
        examples.labels, len(CLASSES)
    )


def _require_learning(
    made: keras.Model, new: list[np.ndarray], history: dict[str, list[float]], truth: np.ndarray, best: Best
) -> None:
    moved = [not np.array_equal(v.numpy(), was) for v, was in zip(made.trainable_variables, new, strict=True)]
    if not any(moved):
        raise StepError(
            "the weights have not moved: the network does not learn; is its learning rate 0, or is it frozen?"
        )
    if not np.isfinite(history["loss"]).all():
        raise StepError(f"the loss is no finite number after epoch {int(np.argmin(np.isfinite(history['loss']))) + 1}")
    reached, guessed = Proportion(round(best.accuracy * len(truth)), len(truth)), majority(truth.tolist())
    if reached.low <= guessed:
        raise StepError(
            f"the network has learnt nothing: validation accuracy {reached}, and always naming one class gets "
            f"{guessed:.2f}. Do the labels belong to the images (a shuffled column), are there epochs enough?"
        )
