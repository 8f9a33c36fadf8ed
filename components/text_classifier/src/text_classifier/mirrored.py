"""Fitting one network in several processes: each has a copy, and their gradients are summed after every batch.

Every batch is cut into as many parts as there are processes, so the result is that of one process with whole batches,
but for the order of sums and the dropout. Losses are summed over the processes too, so all stop after the same epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.tensorflow_runtime import keras, tf

from text_classifier import network
from text_classifier.network import Fitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from text_classifier.cluster import Place
    from text_classifier.workfolder import Work


def fit(
    work: Work, strategy: tf.distribute.Strategy, place: Place, say: Callable[[str], None]
) -> tuple[keras.Model, Fitted]:
    """Fit until the validation loss has not been better for `patience` epochs; the best epoch's weights are kept."""
    data, how = work.data, work.training
    with strategy.scope():
        made = network.network(work.network, work.embeddings, data.tokenizer.length, len(data.classes), how.seed)
        optimizer = keras.optimizers.Adam(how.learning_rate)
        optimizer.build(made.trainable_variables)
    before, together = made.get_weights(), _Together(made, optimizer, strategy, data.tokenizer.length)
    training, validation, log = data.numbers("training"), data.numbers("validation"), _Log()
    for epoch in range(how.epochs):
        order = np.random.default_rng([how.seed, epoch]).permutation(len(training[0]))
        loss = np.mean(
            [together.learn(training, rows, len(batch)) for batch, rows in _parts(order, how.batch_size, place)]
        )
        held = [
            together.measure(validation, rows)
            for _, rows in _parts(np.arange(len(validation[0])), network.BATCH, place)
        ]
        held_loss, held_right = np.sum(held, axis=0) / len(validation[0])
        if place.writes:
            say(network.progress(epoch, how.epochs, loss, held_right))
        log.add(loss, held_loss, held_right, made)
        if epoch - log.best >= how.patience:
            break
    made.set_weights(log.weights)
    network.require_learnt(before, log.weights, log.losses)
    return made, Fitted(log.losses, log.held_losses, log.held_rights, log.best + 1)


@dataclass
class _Log:
    """What became of each epoch, and the weights of the best one."""

    losses: list[float] = field(default_factory=list)
    held_losses: list[float] = field(default_factory=list)
    held_rights: list[float] = field(default_factory=list)
    best: int = 0
    weights: list[np.ndarray] = field(default_factory=list)

    def add(self, loss: float, held_loss: float, held_right: float, made: keras.Model) -> None:
        self.losses.append(float(loss))
        self.held_losses.append(float(held_loss))
        self.held_rights.append(float(held_right))
        if len(self.losses) == 1 or held_loss < self.held_losses[self.best]:
            self.best, self.weights = len(self.losses) - 1, made.get_weights()


class _Together:
    """The two things that all processes do at once."""

    def __init__(
        self, made: keras.Model, optimizer: keras.Optimizer, strategy: tf.distribute.Strategy, length: int
    ) -> None:
        self._made, self._optimizer, self._strategy = made, optimizer, strategy
        self._loss = keras.losses.SparseCategoricalCrossentropy(reduction=None)
        numbers, labels = tf.TensorSpec([None, length], tf.int32), tf.TensorSpec([None], tf.int32)
        self._learning = tf.function(self._learn, [numbers, labels, tf.TensorSpec([], tf.float32)])
        self._measuring = tf.function(self._measure, [numbers, labels])

    def learn(self, part: tuple[np.ndarray, np.ndarray], rows: np.ndarray, whole: int) -> float:
        """One step on this process' rows of a batch of `whole` rows; the loss of all of them."""
        return float(self._learning(part[0][rows], part[1][rows], np.float32(whole)))

    def measure(self, part: tuple[np.ndarray, np.ndarray], rows: np.ndarray) -> np.ndarray:
        """The summed loss, and the number of right answers, of all processes' rows."""
        return self._measuring(part[0][rows], part[1][rows]).numpy()

    def _learn(self, numbers: tf.Tensor, labels: tf.Tensor, whole: tf.Tensor) -> tf.Tensor:
        def one(numbers: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                regular = tf.add_n(self._made.losses) / self._strategy.num_replicas_in_sync
                loss = tf.reduce_sum(self._loss(labels, self._made(numbers, training=True))) / whole + regular
            variables = self._made.trainable_variables
            self._optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        return self._strategy.reduce("SUM", self._strategy.run(one, (numbers, labels)), axis=None)

    def _measure(self, numbers: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        def one(numbers: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
            answer = self._made(numbers, training=False)
            share = tf.cast(tf.shape(labels)[0], tf.float32)
            loss = tf.reduce_sum(self._loss(labels, answer)) + tf.add_n(self._made.losses) * share
            right = tf.argmax(answer, axis=1, output_type=tf.int32) == labels
            return tf.stack([loss, tf.reduce_sum(tf.cast(right, tf.float32))])

        return self._strategy.reduce("SUM", self._strategy.run(one, (numbers, labels)), axis=None)


def _parts(order: np.ndarray, size: int, place: Place) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each batch, and the rows of it that are this process'; a batch that would leave one without any is left out."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        if len(batch) >= place.size:
            yield batch, np.array_split(batch, place.size)[place.rank]
