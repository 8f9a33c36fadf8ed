"""The network, which is fixed: ResNet50 without top and weights, cut at conv2_block3_out, pooled, ten logits.

He et al. 2015, https://arxiv.org/abs/1512.03385, as keras.applications builds it. Of 232,330 parameters 229,386 are
trained; the others are the moving means and variances of its batch normalisations.
"""

from __future__ import annotations

from graft_steps.tensorflow_runtime import keras

SIZE, CHANNELS = 32, 3
CUT = "conv2_block3_out"
LEARNING_RATE = 1e-4
BATCH_SIZE = 8


def build(classes: int = 10) -> keras.Model:
    """New weights, compiled: Adam at 1e-4, cross-entropy from logits; takes float32 [batch, 32, 32, 3] from 0 to 1."""
    backbone = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(SIZE, SIZE, CHANNELS))
    pooled = keras.layers.GlobalAveragePooling2D(name="pooled")(backbone.get_layer(CUT).output)
    network = keras.Model(backbone.input, keras.layers.Dense(classes, name="logits")(pooled), name="numerals")
    network.compile(
        keras.optimizers.Adam(LEARNING_RATE),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return network
