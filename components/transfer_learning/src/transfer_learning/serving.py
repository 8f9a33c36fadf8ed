"""The model as a user gets it: one SavedModel from raw images to class names, and what it was made of beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from transfer_learning import networks
from transfer_learning.runtime import keras, tf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FACTS = "assets.extra/model.json"


def export(network: keras.Model, classes: Sequence[str], facts: dict[str, Any], folder: Path) -> None:
    """Write a SavedModel that takes `image`, float32 [batch, height, width, channels] of raw values in any size.

    It answers `class` [batch], `scores` [batch, classes] and `classes` [batch, classes], the names of the scores.
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
    (folder / FACTS).parent.mkdir()
    (folder / FACTS).write_text(json.dumps({**facts, "classes": names}, indent=2))


def read_facts(folder: Path) -> dict[str, Any]:
    """What a SavedModel written here says about itself; empty where it was written elsewhere."""
    file = folder / FACTS
    return json.loads(file.read_text()) if file.is_file() else {}


def classify(folder: Path, images: Sequence[np.ndarray]) -> list[str]:
    """The class name that a SavedModel gives each raw image."""
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    return [served(image=tf.constant(image[None].astype(np.float32)))["class"].numpy()[0].decode() for image in images]
