"""Where a backbone comes from: pretrained here on the source classes, built with ImageNet's weights, or imported."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError
from graft_steps.statistics import Proportion
from graft_steps.tensorflow_runtime import keras, seed

from transfer_learning import networks
from transfer_learning.fitting import accuracy, compile_for, predicted

if TYPE_CHECKING:
    from collections.abc import Callable

    from graft_steps.training import Training

    from transfer_learning.dataset import Data

HELD_OUT = 0.2
FILE = "backbone.keras"


def value_range(data: Data) -> networks.ValueRange:
    """The range of raw values, measured on the source task only."""
    pixels = np.concatenate([image.ravel() for image in data.source.images]).astype(np.float64)
    return networks.ValueRange(data.low, data.high, float(pixels.mean()), float(pixels.var()))


def pretrain(
    data: Data, name: str, size: int, training: Training, say: Callable[[str], None]
) -> tuple[keras.Model, Proportion]:
    """Train a backbone to tell the source classes apart; also return its accuracy on source items held out."""
    seed(training.seed)
    backbone = networks.backbone(name, size, data.channels, value_range(data))
    classes = len(data.source.classes)
    network = networks.joined(backbone, networks.head(backbone.output_shape[1], (), classes))
    compile_for(network, training)
    train, held = _by_recording(data, np.random.default_rng([training.seed, 4]))
    images = networks.inputs(data.source.images, size)
    labels = data.source.labels
    for epoch in range(1, training.epochs + 1):
        network.fit(images[train], labels[train], batch_size=training.batch_size, epochs=1, verbose=0)
        right = predicted(network, images[held]) == labels[held]
        say(f"epoch {epoch} of {training.epochs}: accuracy on {len(held)} held-out source items {right.mean():.2f}")
    reached = Proportion(int(right.sum()), len(held))
    majority = accuracy(np.full(len(held), np.bincount(labels[train]).argmax()), labels[held])
    if reached.low <= majority:
        raise StepError(
            f"the backbone learnt nothing: {reached} on held-out source items, and always the same class gives "
            f"{majority:.2f}. Set more pretrain_epochs, another learning_rate or another optimizer."
        )
    return backbone, reached


def _by_recording(data: Data, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions of source items to learn from and held out, no recording in both."""
    recordings = np.array(data.source.recordings)
    names = np.unique(recordings)
    held = rng.permutation(names)[: max(1, int(len(names) * HELD_OUT))]
    mask = np.isin(recordings, held)
    return np.flatnonzero(~mask), np.flatnonzero(mask)


def imagenet(data: Data, name: str, size: int) -> keras.Model:
    """Build a backbone with ImageNet's weights out of the image; nothing is downloaded."""
    if name == networks.SMALL:
        raise StepError(
            f"backbone_weights: there are no ImageNet weights for {name!r}; name a network of keras.applications as "
            'backbone, or set backbone_weights to "none" or to the URI of a .keras file'
        )
    networks.known(name)
    folder = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models"
    if not any(_holds_imagenet(file, name) for file in folder.glob("*.h5")):
        raise StepError(
            f"backbone_weights: the ImageNet weights of {name} are not in the image (looked in {folder}), and nothing "
            "is downloaded while a pipeline runs. Add them to the image, or set backbone_weights to the URI of a "
            ".keras file."
        )
    return networks.backbone(name, size, data.channels, value_range(data), "imagenet")


def _holds_imagenet(file: Path, name: str) -> bool:
    """Whether a file is what keras.applications would download for a network without its top."""
    plain = re.sub(r"[-_.]", "", file.name).lower()
    return bool(re.fullmatch(rf"{name.lower()}(weights\w*|10224tf)?notoph5", plain))


def save(backbone: keras.Model, folder: Path) -> None:
    """Write a backbone so that `load` finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    backbone.save(folder / FILE)


def load(path: Path, size: int, channels: int) -> keras.Model:
    """Read a backbone: a folder written by `save`, or any .keras file that somebody imported."""
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise StepError(f"backbone_weights: {file} does not exist")
    try:
        network = keras.models.load_model(file, compile=False)
    except (ValueError, OSError) as problem:
        raise StepError(f"backbone_weights: {file} cannot be read as a Keras model: {problem}") from problem
    if network.input_shape[1:] != (size, size, channels):
        raise StepError(
            f"backbone_weights: the backbone takes {network.input_shape[1:]}, but input_size and data give "
            f"{(size, size, channels)}. Set input_size to {network.input_shape[1]}, or import another backbone."
        )
    return network
