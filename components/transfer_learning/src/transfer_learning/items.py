"""Labelled images with the recording that each comes from: how they are kept, told apart and held to be plausible."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Items:
    """Raw images, each [height, width, channels] in its own size, with class numbers and names of recordings."""

    images: tuple[np.ndarray, ...]
    labels: np.ndarray
    recordings: tuple[str, ...]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, positions: Iterable[int]) -> Items:
        """Keep the items at `positions`, in that order."""
        chosen = list(positions)
        return Items(
            tuple(self.images[i] for i in chosen),
            self.labels[chosen],
            tuple(self.recordings[i] for i in chosen),
            self.classes,
        )

    def fingerprints(self) -> list[str]:
        """One short hash of each image's pixels: the same image has the same fingerprint in any data set."""
        return [
            _hash(str(image.shape).encode(), str(image.dtype).encode(), image.tobytes())[:16] for image in self.images
        ]

    def digest(self) -> str:
        """A hash of all that an experiment can see of these items, independent of how they are stored."""
        return _hash(
            *(part.encode() for part in (*self.fingerprints(), *self.recordings, *self.classes)),
            self.labels.astype("<i8").tobytes(),
        )

    def save(self, path: Path) -> None:
        """Write to one compressed file; sizes may differ from image to image, so pixels are kept end to end."""
        np.savez_compressed(
            path,
            pixels=np.concatenate([image.ravel() for image in self.images]),
            shapes=np.array([image.shape for image in self.images]),
            labels=self.labels,
            recordings=np.array(self.recordings),
            classes=np.array(self.classes),
        )


def load(path: Path) -> Items:
    """Read what `Items.save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        shapes = stored["shapes"]
        pieces = np.split(stored["pixels"], np.cumsum(shapes.prod(axis=1))[:-1])
        images = tuple(piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True))
        return Items(images, stored["labels"], tuple(stored["recordings"].tolist()), tuple(stored["classes"].tolist()))


def find_problems(name: str, items: Items) -> list[str]:
    """Say everything that makes these items unfit to learn from or to measure with."""
    if not len(items):
        return [f"{name}: no items"]
    counts = np.bincount(items.labels, minlength=len(items.classes))
    problems = [f"{name}: class {items.classes[i]!r} has no items" for i in np.flatnonzero(counts == 0)]
    if len(set(items.classes)) < len(items.classes):
        problems.append(f"{name}: two classes have the same name")
    if len(items.classes) < 2:
        problems.append(f"{name}: one class only; there is nothing to tell apart")
    if broken := sum(not np.isfinite(image).all() for image in items.images):
        problems.append(f"{name}: {broken} image(s) hold values that are not numbers")
    if flat := sum(bool((image == image.flat[0]).all()) for image in items.images):
        problems.append(f"{name}: {flat} image(s) are of one single value")
    return problems


def find_leakage(parts: Sequence[tuple[str, Items]]) -> list[str]:
    """Say which recordings or images stand in more than one of these parts: that would be leakage."""
    problems = []
    for i, (one, left) in enumerate(parts):
        for other, right in parts[i + 1 :]:
            if same := set(left.recordings) & set(right.recordings):
                problems.append(f"{one} and {other} share {len(same)} recording(s), such as {min(same)!r}")
            if same := set(left.fingerprints()) & set(right.fingerprints()):
                problems.append(f"{one} and {other} share {len(same)} identical image(s); keep copies in one recording")
    return problems


def raise_problems(problems: Sequence[str]) -> None:
    """Raise all problems at once, if there are any."""
    if problems:
        raise StepError("the data cannot be used:\n  " + "\n  ".join(problems))


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
