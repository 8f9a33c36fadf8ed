"""The model as a user gets it: one SavedModel from raw images to class names, its preprocessing inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import models
from graft_steps.tensorflow_runtime import keras, tf

from data_centric.examples import stacked
from data_centric.numerals import CLASSES
from data_centric.preprocessing import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BATCH = 100


def export(network: keras.Model, example: np.ndarray, facts: dict[str, Any], folder: Path) -> None:
    """Write an MLflow model, with `example` as an input, [height, width, 1].

    It takes `image`, float32 [batch, height, width, channels] of raw values to 255 in any size, and answers `class`
    [batch], `scores` [batch, classes] and `classes` [batch, classes], the names of the scores.
    """

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        logits = network(prepared(image), training=False)
        names = tf.constant(CLASSES)
        every = tf.tile(names[None, :], [tf.shape(image)[0], 1])
        return {
            "class": tf.gather(names, tf.argmax(logits, axis=-1)),
            "scores": tf.nn.softmax(logits),
            "classes": every,
        }

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serving_default", serve, [tf.TensorSpec([None] * 4, tf.float32, name="image")])
    archive.write_out(str(folder), verbose=False)
    models.describe(folder, example[None].astype(np.float32), {**facts, "classes": CLASSES}, free=(0, 1, 2, 3))


def answers(folder: Path, images: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """What a SavedModel says of raw images: class numbers [n], and the scores of all classes [n, classes]."""
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    raw = stacked(images)
    parts = [raw[start : start + _BATCH] for start in range(0, len(raw), _BATCH)]
    scores = np.concatenate([served(image=tf.constant(part))["scores"].numpy() for part in parts])
    return scores.argmax(axis=1), scores
