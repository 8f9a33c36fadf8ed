"""The model as a user gets it: one SavedModel from raw images to class names, and what it was made of beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import models
from graft_steps.tensorflow_runtime import keras, tf

from transfer_learning import networks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def export(
    network: keras.Model, classes: Sequence[str], example: np.ndarray, facts: dict[str, Any], folder: Path
) -> None:
    """Write an MLflow model, with `example` as an input: a SavedModel from raw images to class names.

    It takes `image`, float32 [batch, height, width, channels] of raw values in any size, and answers `class` [batch],
    `scores` [batch, classes] and `classes` [batch, classes], the names of the scores.
    """
    _, height, _, channels = network.input_shape
    names = list(classes)

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        logits = network(networks.resize(image, height), training=False)
        best = tf.gather(tf.constant(names), tf.argmax(logits, axis=-1))
        every = tf.tile(tf.constant(names)[None, :], [tf.shape(image)[0], 1])
        return {"class": best, "scores": tf.nn.softmax(logits), "classes": every}

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint(
        "serving_default", serve, [tf.TensorSpec([None, None, None, channels], tf.float32, name="image")]
    )
    archive.write_out(str(folder), verbose=False)
    models.describe(folder, example[None].astype(np.float32), {**facts, "classes": names}, free=(0, 1, 2))


def classify(folder: Path, images: Sequence[np.ndarray]) -> list[str]:
    """The class name that a SavedModel gives each raw image."""
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    return [served(image=tf.constant(image[None].astype(np.float32)))["class"].numpy()[0].decode() for image in images]
