"""The model as a user gets it: one SavedModel from windows in the data's own units to the next row in them.

<folder>/                                      an MLflow model; the scaler stands inside the SavedModel
<folder>/assets.extra/network.weights.h5       what retraining starts from
<folder>/assets.extra/model.json               the scaler, what was used, and fingerprints of what it has seen
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import models
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import keras, tf

from sequence_training import networks
from sequence_training.series import CHANNELS
from sequence_training.windows import LENGTH, Scaler

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = "assets.extra/network.weights.h5"


def export(network: keras.Model, scaler: Scaler, example: np.ndarray, facts: dict[str, Any], folder: Path) -> None:
    """Write the model; `example` is a window [100, 3] in the data's own units."""
    mean, deviation = (tf.constant(each, tf.float32) for each in (scaler.mean, scaler.deviation))

    def serve(window: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"next": network((window - mean) / deviation, training=False) * deviation + mean}

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serving_default", serve, [tf.TensorSpec([None, LENGTH, CHANNELS], tf.float32, name="window")])
    archive.write_out(str(folder), verbose=False)
    (folder / WEIGHTS).parent.mkdir(exist_ok=True)
    network.save_weights(str(folder / WEIGHTS))
    scaling = {"mean": scaler.mean.tolist(), "deviation": scaler.deviation.tolist()}
    models.describe(folder, example[None].astype(np.float32), {**facts, "scaler": scaling})


def scaler(folder: Path) -> Scaler:
    """The scaler of a stored model."""
    found = models.facts_of(folder).get("scaler")
    if not found:
        raise StepError("the stored model names no scaler: start from one that sequence-training has stored")
    return Scaler(np.array(found["mean"]), np.array(found["deviation"]))


def served(folder: Path, inputs: np.ndarray) -> np.ndarray:
    """What the SavedModel itself answers to windows [n, 100, 3]: the next rows [n, 3], all in the data's own units."""
    answer = tf.saved_model.load(str(folder)).signatures["serving_default"]
    batches = np.array_split(inputs.astype(np.float32), -(-len(inputs) // networks.BATCH))
    return np.concatenate([answer(window=tf.constant(batch))["next"].numpy() for batch in batches])
