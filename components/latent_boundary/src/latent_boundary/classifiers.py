"""Which classifier reads the attributes of a picture: that of fixtures, or a Keras network by URI.

Either sees the pictures alone, never the latent codes, as the boundary would otherwise be found in its own echo.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import numpy as np
from graft_steps import places
from graft_steps.checks import StepError, one_of

from latent_boundary.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NETWORK, NAMES = "classifier.keras", "attributes.json"


class Classifier(Protocol):
    """From pictures to scores."""

    def scores(self, pictures: np.ndarray) -> np.ndarray:
        """Scores of uint8 pictures [count, size, size, 3]: float32 [count, attributes], NaN where there is none."""


@contextmanager
def opened(name: str, size: int, attributes: Sequence[str]) -> Iterator[Classifier]:
    """The classifier `name` for these attributes, in this order."""
    check(name, attributes)
    if not places.is_place(name):
        yield Templates(size, attributes)
        return
    with places.fetched("classifier", name) as folder:
        yield Network(folder, attributes)


def check(name: str, attributes: Sequence[str]) -> None:
    """Refuse a classifier that is not known, and attributes that a known one cannot read."""
    if not places.is_place(name):
        one_of("classifier", name, (Templates.name,))
        for attribute in attributes:
            one_of("attributes", attribute, Templates.attributes)


class Network:
    """A Keras network from raw pixels (0 to 255) to one score an attribute.

    The folder holds `classifier.keras` and `attributes.json`, a list that names the network's outputs in their order.
    """

    def __init__(self, folder: Path, attributes: Sequence[str]) -> None:
        from graft_steps.tensorflow_runtime import keras  # takes seconds, and only this classifier needs it

        names = _names(folder / NAMES)
        self._columns = [names.index(one_of("attributes", attribute, names)) for attribute in attributes]
        try:
            self._network = keras.models.load_model(folder / NETWORK, compile=False)
        except (ValueError, OSError) as problem:
            raise StepError(f"classifier: {folder / NETWORK} cannot be read as a Keras model: {problem}") from problem
        if self._network.output_shape[1:] != (len(names),):
            shape = self._network.output_shape[1:]
            raise StepError(f"classifier: the network answers {shape}, but {NAMES} names {len(names)} attributes")

    def scores(self, pictures: np.ndarray) -> np.ndarray:
        """Scores as the network gives them, one picture at a time, so that the others do not matter."""
        answers = [self._network.predict_on_batch(picture[None].astype(np.float32)) for picture in pictures]
        return np.concatenate(answers)[:, self._columns].astype(np.float32)


def _names(file: Path) -> list[str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise StepError(f"classifier: {file} cannot be read: {problem}") from problem
    if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
        raise StepError(f"classifier: {file} is not a list of names of attributes")
    return found
