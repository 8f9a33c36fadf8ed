"""The examples: points of two classes, drawn from a seed. Put your own data in their place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from pathlib import Path

FEWEST = 20  # examples of each class, below which an interval says nothing
TEST_SHARE = 0.5
_FILE = "examples.npz"


@dataclass(frozen=True)
class Examples:
    """Points [n, 2] and the class of each [n], 0 or 1; the first `training` of them are to be trained on."""

    points: np.ndarray
    labels: np.ndarray
    training: int

    @property
    def train(self) -> tuple[np.ndarray, np.ndarray]:
        """The points and classes to train on."""
        return self.points[: self.training], self.labels[: self.training]

    @property
    def test(self) -> tuple[np.ndarray, np.ndarray]:
        """The held-out points and classes."""
        return self.points[self.training :], self.labels[self.training :]

    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any of the data."""
        return digest(self.points, self.labels)


def draw(count: int, distance: float, seed: int) -> Examples:
    """Points around two centres that lie `distance` standard deviations apart."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    points = random.normal(size=(count, 2)) + distance * labels[:, None] / np.sqrt(2)
    return Examples(points, labels, round(count * (1 - TEST_SHARE)))


def check(examples: Examples) -> None:
    """StepError where nothing could be learnt from these examples, or nothing said about what was."""
    if not np.isfinite(examples.points).all():
        raise StepError("a point of the data is not a finite number: mend the data")
    if len(examples.points) and (examples.points == examples.points[0]).all():
        raise StepError("all points of the data are the same: nothing can be learnt from them")
    for name, (_, labels) in (("training", examples.train), ("test", examples.test)):
        counts = np.bincount(labels, minlength=2)
        if counts.min() < FEWEST:
            message = f"the {name} part has {counts.min()} examples of class {counts.argmin()}"
            raise StepError(f"{message}, and {FEWEST} are the least: give more examples")


def write(examples: Examples, folder: Path) -> None:
    """Keep the examples in a folder, for `read`."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / _FILE, points=examples.points, labels=examples.labels, training=examples.training)


def read(folder: Path) -> Examples:
    """What `write` kept, checked again."""
    try:
        with np.load(folder / _FILE, allow_pickle=False) as kept:
            found = Examples(kept["points"], kept["labels"], int(kept["training"]))
    except Exception as problem:  # whatever NumPy and zipfile raise for a file that is cut off
        raise StepError(f"{folder / _FILE} cannot be read: {problem}") from problem
    check(found)
    return found


def digest(*arrays: np.ndarray) -> str:
    """Sixteen hexadecimal digits that change with any of the arrays."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:16]
