"""The network and its fitting: the layers of the paper, and trainings that have learnt nothing."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import keras
from text_classifier import dataset, network
from text_classifier.settings import Network, Training
from text_classifier_small import NETWORK, TRAINING, Small, eagerly

ROWS = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
NUMBERS = np.random.default_rng(2).integers(0, 50, (6, 12)).astype(np.int32)


def made(**changed: object) -> keras.Model:
    return network.network(Network.checked({**NETWORK, **changed}), ROWS, 12, 3, 7)


def test_it_is_the_network_of_the_paper() -> None:
    found = made(conv_layers=3, filter_sizes=[3, 4, 5], filters=10)
    convolutions = [layer for layer in found.layers if isinstance(layer, keras.layers.Conv1D)]
    assert [layer.kernel.shape for layer in convolutions] == [(3, 8, 10), (4, 8, 10), (5, 8, 10)]
    assert all(layer.activation is keras.activations.relu for layer in convolutions)
    assert all(float(layer.kernel_regularizer.l2) == pytest.approx(0.01) for layer in convolutions)
    assert found.get_layer("classes").activation is keras.activations.softmax
    assert found.count_params() == 50 * 8 + sum(10 * (size * 8 + 1) for size in (3, 4, 5)) + 3 * (30 + 1)
    np.testing.assert_allclose(found(NUMBERS).numpy().sum(axis=1), 1, rtol=1e-5)


def test_the_maximum_is_taken_over_all_of_time() -> None:
    """A word that matters is found wherever it stands, but at the edges of a filter's view."""
    found = made(conv_layers=1, filter_sizes=[1])
    moved = np.roll(NUMBERS, 5, axis=1)
    np.testing.assert_allclose(found(NUMBERS).numpy(), found(moved).numpy(), rtol=1e-5)


def test_strides_thin_out_places_and_filters() -> None:
    assert made(pool_strides=[1, 2]).get_layer("classes").kernel.shape[0] == 16
    assert made().get_layer("classes").kernel.shape[0] == 32
    thinned = made(conv_layers=1, filter_sizes=[1], pool_strides=[2, 1])
    odd = NUMBERS.copy()
    odd[:, 1::2] = 7
    np.testing.assert_allclose(thinned(NUMBERS).numpy(), thinned(odd).numpy(), rtol=1e-5)


def test_the_same_seed_gives_the_same_network_and_texts_shorter_than_a_filter_are_refused() -> None:
    np.testing.assert_array_equal(made()(NUMBERS).numpy(), made()(NUMBERS).numpy())
    with pytest.raises(StepError, match="filter_sizes: 20 words, but the longest text to learn from has 12"):
        made(filter_sizes=[2, 20])


def test_a_frozen_learning_rate_and_a_wild_one_are_found(small: Small) -> None:
    data, _ = dataset.read(small.data)
    rows = np.ones((len(data.tokenizer.words) + 2, 4), np.float32)

    def fit(rate: float) -> None:
        found = network.network(Network.checked(NETWORK), rows, data.tokenizer.length, len(data.classes), 7)
        how = Training.checked({**TRAINING, "epochs": 1, "batch_size": 300, "learning_rate": rate})
        with eagerly():
            network.fit(found, data, how, lambda line: None)

    with pytest.raises(StepError, match="the embeddings have not moved, so nothing was learnt: raise learning_rate"):
        fit(1e-12)
    with pytest.raises(StepError, match="the loss is no finite number: lower learning_rate"):
        fit(1e30)
