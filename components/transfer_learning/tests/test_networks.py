"""Networks out of parts: names checked, frozen layers frozen, and the same architecture with new weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from transfer_learning import backbones, networks
from transfer_learning.settings import Layer

RANGE = networks.ValueRange(0.0, 16.0, 5.0, 3.0)
IMAGES = np.random.default_rng(0).uniform(0, 16, (3, 32, 32, 1)).astype(np.float32)


def test_images_of_different_sizes_become_one_batch_in_their_order() -> None:
    images = [np.full((size, size, 1), value, np.float32) for size, value in ((8, 1), (20, 2), (8, 3))]
    made = networks.inputs(images, 16)
    assert made.shape == (3, 16, 16, 1)
    np.testing.assert_allclose(made.mean(axis=(1, 2, 3)), [1, 2, 3], rtol=1e-5)


def test_a_backbone_takes_raw_values_and_standardises_them_inside() -> None:
    network = networks.backbone("small_cnn", 32, 1, RANGE)
    standardised = network.get_layer("standardise")(IMAGES)
    np.testing.assert_allclose(standardised, (IMAGES - 5) / 3**0.5, rtol=1e-5)


def test_a_network_of_keras_applications_is_read_back_with_its_preprocessing(tmp_path: Path) -> None:
    made = networks.backbone("MobileNet", 32, 1, RANGE)
    backbones.save(made, tmp_path)
    read = backbones.load(tmp_path, 32, 1)
    pixels = IMAGES * 255 / 16 / 127.5 - 1  # what MobileNet was published with, from the data's own range
    inside = networks.keras.Model(read.input, read.get_layer("conv1").input)
    np.testing.assert_allclose(inside(IMAGES), np.repeat(pixels, 3, axis=-1), atol=1e-5)
    np.testing.assert_array_equal(made.predict_on_batch(IMAGES), read.predict_on_batch(IMAGES))


@pytest.mark.parametrize(("name", "nearest"), [("small_cn", "small_cnn"), ("resnet50", "ResNet50")])
def test_an_unknown_backbone_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(StepError, match=f"did you mean '{nearest}'"):
        networks.backbone(name, 32, 1, RANGE)


def test_an_input_too_small_for_a_network_is_refused() -> None:
    with pytest.raises(StepError, match="InceptionV3 cannot be built for input_size 32"):
        networks.backbone("InceptionV3", 32, 3, RANGE)


def test_a_cut_inside_gives_one_vector_an_image() -> None:
    kept = networks.cut(networks.backbone("small_cnn", 32, 1, RANGE), "conv2", 1)
    assert kept.output_shape == (None, networks.SMALL_FILTERS[1])
    assert [layer.name for layer in kept.layers if layer.weights and layer.trainable] == ["conv2"]


def test_an_unknown_cut_is_answered_with_the_nearest() -> None:
    with pytest.raises(StepError, match="cut_layer: 'feature' is not known; did you mean 'features'"):
        networks.cut(networks.backbone("small_cnn", 32, 1, RANGE), "feature", 1)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_as_many_layers_are_unfrozen_as_were_asked_for(count: int) -> None:
    kept = networks.cut(networks.backbone("small_cnn", 32, 1, RANGE), "features", count)
    assert len(kept.trainable_weights) == 2 * count


def test_more_layers_than_there_are_cannot_be_unfrozen() -> None:
    with pytest.raises(StepError, match="trainable_layers: 4 must be from 0 to 3"):
        networks.cut(networks.backbone("small_cnn", 32, 1, RANGE), "features", 4)


def test_the_network_from_scratch_is_the_same_architecture_with_new_weights_and_nothing_frozen() -> None:
    lower = networks.cut(networks.backbone("small_cnn", 32, 1, RANGE), "features", 1)
    learnt = networks.joined(lower, networks.head(lower.output_shape[1], [Layer(8)], 3))
    fresh = networks.reinitialized(learnt)
    assert [weight.shape for weight in fresh.weights] == [weight.shape for weight in learnt.weights]
    assert len(fresh.trainable_weights) == 2 * (3 + 2) > len(learnt.trainable_weights)
    assert not np.allclose(fresh.predict_on_batch(IMAGES), learnt.predict_on_batch(IMAGES))
    fresh.set_weights(learnt.get_weights())
    np.testing.assert_array_equal(fresh.predict_on_batch(IMAGES), learnt.predict_on_batch(IMAGES))
