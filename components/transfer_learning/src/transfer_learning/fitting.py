"""Fitting small networks many times over: compiled once, reset for every draw.

Keras' `fit` spends most of its time around the steps when there are two of them an epoch; its `train_on_batch` runs the
same compiled step without that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps.tensorflow_runtime import keras

if TYPE_CHECKING:
    from graft_steps.training import Training

Pair = tuple[np.ndarray, np.ndarray]
Curve = list[float]


class Trainer:
    """A compiled network that can be reset to its first state, the optimizer's included."""

    def __init__(self, network: keras.Model, training: Training) -> None:
        self.network = network
        self.training = training
        compile_for(network, training)
        network.optimizer.build(network.trainable_variables)
        self._new = [variable.numpy() for variable in network.optimizer.variables]

    def reset(self, weights: list[np.ndarray] | None = None) -> None:
        """Put the optimizer into its first state and, where `weights` are given, the network into that of these."""
        for variable, value in zip(self.network.optimizer.variables, self._new, strict=True):
            variable.assign(value)
        if weights is not None:
            self.network.set_weights(weights)

    def run(self, train: Pair, validation: Pair, epochs: int, rng: np.random.Generator) -> Curve:
        """Learn for `epochs`, each in a new order; return the accuracy on `validation` after each."""
        images, labels = train
        curve = []
        for _ in range(epochs):
            order = rng.permutation(len(images))
            for start in range(0, len(order), self.training.batch_size):
                batch = order[start : start + self.training.batch_size]
                self.network.train_on_batch(images[batch], labels[batch])
            curve.append(accuracy(predicted(self.network, validation[0]), validation[1]))
        return curve


def compile_for(network: keras.Model, training: Training) -> None:
    """Set optimizer and loss; logits in, class numbers as truth."""
    network.compile(
        keras.optimizers.get({"class_name": training.optimizer, "config": {"learning_rate": training.learning_rate}}),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )


def predicted(network: keras.Model, images: np.ndarray) -> np.ndarray:
    """The class number that the network gives each image."""
    return network.predict_on_batch(images).argmax(axis=1)


def accuracy(found: np.ndarray, truth: np.ndarray) -> float:
    """The share of `found` that is right."""
    return float(np.mean(found == truth))
