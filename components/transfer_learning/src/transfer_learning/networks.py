"""Networks out of parts: a backbone, a place to cut it, a head of hidden layers, and the same with new weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError, integer, one_of
from graft_steps.tensorflow_runtime import keras, tf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transfer_learning.settings import Layer

SMALL = "small_cnn"
CUT = "features"
SMALL_FILTERS = (12, 24, 48)


@dataclass(frozen=True)
class ValueRange:
    """The lowest and highest raw value, and their mean and variance over the source task."""

    low: float
    high: float
    mean: float
    variance: float


def applications() -> dict[str, tuple[str, str]]:
    """The networks of keras.applications by name, with the module and the function that make each."""
    found = {}
    for module_name in dir(keras.applications):
        module = getattr(keras.applications, module_name)
        if hasattr(module, "preprocess_input"):
            found.update({name: (module_name, name) for name in dir(module) if name[0].isupper()})
    return found


def known(name: str) -> str:
    """Return the name of a backbone that can be built here; name the nearest one where it cannot."""
    return one_of("backbone", name, [SMALL, *sorted(applications())])


def resize(images: tf.Tensor, size: int) -> tf.Tensor:
    """Bring a batch of raw images of one size to the network's size; in training and in serving alike."""
    return tf.image.resize(images, (size, size), antialias=True)


def inputs(images: Sequence[np.ndarray], size: int) -> np.ndarray:
    """The network's input for raw images of any sizes: float32 [count, size, size, channels]."""
    out = np.empty((len(images), size, size, images[0].shape[-1]), np.float32)
    shapes = np.array([image.shape for image in images])
    for shape in np.unique(shapes, axis=0):
        chosen = np.flatnonzero((shapes == shape).all(axis=1))
        batch = np.stack([images[i] for i in chosen]).astype(np.float32)
        out[chosen] = resize(batch, size).numpy()
    return out


def backbone(name: str, size: int, channels: int, values: ValueRange, weights: str | None = None) -> keras.Model:
    """Build a backbone from raw values to the layer `features`; with `weights` as keras.applications names them."""
    known(name)
    image = keras.Input((size, size, channels), name="image")
    if name == SMALL:
        return keras.Model(image, _small(image, values), name=SMALL)
    return keras.Model(image, _application(*applications()[name], image, values, weights), name=name)


def _small(image: keras.KerasTensor, values: ValueRange) -> keras.KerasTensor:
    x = keras.layers.Normalization(mean=values.mean, variance=values.variance, axis=None, name="standardise")(image)
    for number, filters in enumerate(SMALL_FILTERS, 1):
        x = keras.layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = keras.layers.MaxPooling2D(name=f"pool{number}")(x)
    return keras.layers.Flatten(name=CUT)(x)


def _application(
    module: str, function: str, image: keras.KerasTensor, values: ValueRange, weights: str | None
) -> keras.KerasTensor:
    package = getattr(keras.applications, module)
    factor = 255.0 / (values.high - values.low)
    x = keras.layers.Rescaling(factor, offset=-values.low * factor, name="as_pixels")(image)
    if image.shape[-1] == 1:
        x = keras.layers.Concatenate(name="as_colour")([x, x, x])
    x = package.preprocess_input(x)
    try:
        network = getattr(package, function)(include_top=False, weights=weights, input_tensor=x)
    except ValueError as problem:
        raise StepError(f"backbone {function} cannot be built for input_size {image.shape[1]}: {problem}") from problem
    return keras.layers.GlobalAveragePooling2D(name=CUT)(network.output)


def cut(network: keras.Model, layer: str, trainable_layers: int) -> keras.Model:
    """Keep a backbone up to `layer`, as one vector an image; its last `trainable_layers` with weights may learn."""
    one_of("cut_layer", layer, [each.name for each in network.layers])
    x = network.get_layer(layer).output
    kept = keras.Model(network.input, x if len(x.shape) == 2 else keras.layers.GlobalAveragePooling2D()(x))
    weighted = [each for each in kept.layers if each.weights and not isinstance(each, keras.layers.Normalization)]
    count = integer("trainable_layers", trainable_layers, 0, len(weighted))
    for each in kept.layers:
        each.trainable = each in weighted[len(weighted) - count :]
    return kept


def head(width: int, stack: Sequence[Layer], classes: int) -> keras.Model:
    """The hidden layers of a variant on top of `width` features, ending in one logit a class."""
    features = keras.Input((width,), name="features")
    x = features
    for layer in stack:
        x = keras.layers.Dense(layer.units, activation=layer.activation)(x)
        if layer.dropout:
            x = keras.layers.Dropout(layer.dropout)(x)
    return keras.Model(features, keras.layers.Dense(classes, name="logits")(x), name="head")


def joined(lower: keras.Model, upper: keras.Model) -> keras.Model:
    """One network out of two; it shares their layers."""
    return keras.Model(lower.input, upper(lower.output))


def reinitialized(network: keras.Model) -> keras.Model:
    """The same architecture with new weights, all of them trainable."""
    fresh = keras.models.clone_model(network)
    for layer in fresh.layers:
        layer.trainable = not isinstance(layer, keras.layers.Normalization)
    return fresh
