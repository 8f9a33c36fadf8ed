"""The fixed network: its layers, its parameters, and how it is trained."""

from __future__ import annotations

import numpy as np
from data_centric import network
from graft_steps.tensorflow_runtime import keras


def test_it_is_resnet50_to_conv2_block3_out_pooled_with_ten_logits() -> None:
    made = network.build()
    whole = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(32, 32, 3))
    names = [layer.name for layer in whole.layers]
    assert [layer.name for layer in made.layers[:-2]][1:] == names[1 : names.index("conv2_block3_out") + 1]
    pooled, logits = made.layers[-2:]
    assert isinstance(pooled, keras.layers.GlobalAveragePooling2D)
    assert isinstance(logits, keras.layers.Dense) and logits.units == 10 and logits.activation.__name__ == "linear"
    assert made.input_shape == (None, 32, 32, 3) and made.output_shape == (None, 10)


def test_it_has_232330_parameters_of_which_229386_are_trained() -> None:
    made = network.build()
    assert made.count_params() == 232_330
    assert sum(int(np.prod(variable.shape)) for variable in made.trainable_variables) == 229_386


def test_it_is_trained_by_adam_at_a_ten_thousandth_on_cross_entropy_from_logits_in_batches_of_eight() -> None:
    made = network.build()
    assert isinstance(made.optimizer, keras.optimizers.Adam)
    assert np.isclose(float(made.optimizer.learning_rate), 1e-4)
    assert isinstance(made.loss, keras.losses.CategoricalCrossentropy)
    truth, logits = np.eye(10)[[3]], np.linspace(-2, 2, 10)[None]
    expected = -np.log(np.exp(logits[0, 3]) / np.exp(logits).sum())
    assert np.isclose(float(made.loss(truth, logits)), expected, rtol=1e-5)
    assert network.BATCH_SIZE == 8
