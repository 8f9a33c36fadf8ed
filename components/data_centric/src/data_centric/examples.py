"""What the network learns from: prepared images with class numbers, those to learn from with other views of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError
from graft_steps.tensorflow_runtime import tf

from data_centric.augmenting import augmented
from data_centric.preprocessing import RAW, grey, prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FACTS = "examples.json"
LEARNT_FROM = ("train", "validation")


@dataclass(frozen=True)
class Examples:
    """Images as the network takes them but for the repeated channel, float32 [n, 32, 32, 1], and class numbers [n]."""

    images: np.ndarray
    labels: np.ndarray


def make(images: Sequence[np.ndarray], labels: np.ndarray, views: int, seed: int) -> Examples:
    """Each image as it is, then `views` other views of all of them."""
    raw = stacked(images)
    looks = [prepared(tf.constant(raw)).numpy(), *(augmented(raw, seed + 1000 * view) for view in range(1, views + 1))]
    made = Examples(np.concatenate(looks)[..., :1], np.tile(labels, len(looks)))
    if flat := int((np.ptp(made.images, axis=(1, 2, 3)) == 0)[: len(labels)].sum()):
        raise StepError(
            f"{flat} of {len(labels)} images show no ink once they are prepared: they are blank, or too faint"
        )
    return made


def stacked(images: Sequence[np.ndarray]) -> np.ndarray:
    """Images of any sizes as one array, float32 [n, 64, 64, 1]."""
    if len({image.shape for image in images}) == 1 and images[0].shape[0] == images[0].shape[1] == RAW:
        return np.stack(images).astype(np.float32)
    return np.concatenate([grey(tf.constant(image[None], tf.float32)).numpy() for image in images])


def save(parts: dict[str, Examples], facts: dict[str, Any], out: Path) -> None:
    """Write a file a part, and what is known of all."""
    out.mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        np.savez_compressed(out / f"{name}.npz", images=part.images, labels=part.labels)
    (out / FACTS).write_text(json.dumps(facts, indent=2))


def load(folder: Path) -> tuple[dict[str, Examples], dict[str, Any]]:
    """What `save` wrote."""
    parts = {}
    for name in LEARNT_FROM:
        try:
            with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
                parts[name] = Examples(stored["images"], stored["labels"])
        except Exception as problem:  # NumPy and zipfile raise many kinds
            raise StepError(f"{name}.npz: cannot be read ({problem}); run preprocess again") from problem
        if not len(parts[name].labels) or np.ptp(parts[name].images) == 0:
            raise StepError(f"{name}.npz: the examples are empty, or all of one value; run preprocess again")
    return parts, json.loads((folder / FACTS).read_text())
