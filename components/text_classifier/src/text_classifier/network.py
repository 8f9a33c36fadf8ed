"""The network and its fitting: convolutions over the words of a text, the maximum of each over time (Kim 2014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import keras, seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from text_classifier.dataset import Data
    from text_classifier.settings import Network, Training

L2 = 0.01
LEAST_MOVE = 1e-5  # by which the weights must have moved, relative to their size, for anything to have been learnt
BATCH = 512  # texts at once where nothing is learnt


@dataclass(frozen=True)
class Fitted:
    """Losses and validation accuracy after each epoch, and the epoch (from 1) whose weights were kept."""

    training_loss: list[float]
    validation_loss: list[float]
    validation_accuracy: list[float]
    best_epoch: int

    def curves(self) -> dict[str, list[float]]:
        """What learning curves show."""
        return {"training": self.training_loss, "validation": self.validation_loss}


def network(how: Network, embeddings: np.ndarray, length: int, classes: int, number: int) -> keras.Model:
    """The network from numbers of words [n, length] to probabilities [n, classes], with new weights by a seed."""
    if length < max(how.sizes):
        raise StepError(f"filter_sizes: {max(how.sizes)} words, but the longest text to learn from has {length}")
    seed(number)
    words, dimension = embeddings.shape
    numbers = keras.Input((length,), dtype="int32", name="words")
    given = keras.initializers.Constant(embeddings)
    embedded = keras.layers.Embedding(words, dimension, embeddings_initializer=given, name="embedding")(numbers)
    layers = [_convolution(embedded, size, how, dimension) for size in how.sizes]
    joined = keras.layers.Concatenate()(layers) if len(layers) > 1 else layers[0]
    kept = keras.layers.Dropout(how.dropout)(joined)
    answer = keras.layers.Dense(classes, "softmax", kernel_regularizer=keras.regularizers.L2(L2), name="classes")(kept)
    return keras.Model(numbers, answer)


def _convolution(embedded: keras.KerasTensor, size: int, how: Network, dimension: int) -> keras.KerasTensor:
    """Filters of `size` words x dimension, and the maximum of each over time: [n, filters].

    A window of the whole text has one place, so strides thin out what the maximum is taken of: places, and filters.
    """
    regular, (time, feature) = keras.regularizers.L2(L2), how.pool_strides
    convolved = keras.layers.Conv1D(
        how.filters, size, activation="relu", kernel_regularizer=regular, bias_regularizer=regular, name=f"words_{size}"
    )(embedded)
    if (time, feature) != (1, 1):
        plane = keras.layers.Reshape((*convolved.shape[1:], 1))(convolved)
        thinned = keras.layers.MaxPooling2D((1, 1), (time, feature))(plane)
        convolved = keras.layers.Reshape(thinned.shape[1:3])(thinned)
    return keras.layers.GlobalMaxPooling1D()(convolved)


def fit(made: keras.Model, data: Data, how: Training, say: Callable[[str], None]) -> Fitted:
    """Fit on the training part; the weights of the epoch with the lowest validation loss are kept."""
    before = made.get_weights()
    made.compile(keras.optimizers.Adam(how.learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    best = keras.callbacks.EarlyStopping("val_loss", patience=how.patience, restore_best_weights=True)
    told = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: say(progress(epoch, how.epochs, logs["loss"], logs["val_accuracy"]))
    )
    history = made.fit(
        *data.numbers("training"),
        batch_size=how.batch_size,
        epochs=how.epochs,
        validation_data=data.numbers("validation"),
        callbacks=[best, told],
        verbose=0,
    ).history
    require_learnt(before, made.get_weights(), history["loss"])
    return Fitted(history["loss"], history["val_loss"], history["val_accuracy"], best.best_epoch + 1)


def probabilities(made: keras.Model, numbers: np.ndarray) -> np.ndarray:
    """The probabilities of the classes [n, classes]."""
    return made.predict(numbers, batch_size=BATCH, verbose=0)


def progress(epoch: int, epochs: int, loss: float, accuracy: float) -> str:
    """What is said after an epoch, which counts from 0."""
    return f"epoch {epoch + 1} of {epochs}: loss {loss:.4f}, validation accuracy {accuracy:.3f}"


def require_learnt(before: list[np.ndarray], after: list[np.ndarray], losses: list[float]) -> None:
    """StepError where training has changed nothing, or has gone wild."""
    if not np.isfinite(losses).all():
        raise StepError("the loss is no finite number: lower learning_rate")
    for name, first, last in zip(("embeddings", "filters"), before, after, strict=False):
        if np.linalg.norm(last - first) <= LEAST_MOVE * np.linalg.norm(first):
            raise StepError(f"the {name} have not moved, so nothing was learnt: raise learning_rate or epochs")
