"""Other views of an image, from a seed: turned, zoomed, cropped, lighter or darker, with thicker or thinner ink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from graft_steps.tensorflow_runtime import tf

from data_centric.preprocessing import RAW, grey, prepared

ROTATION = 20.0  # degrees, at the most, each way
ZOOM = (0.85, 1.15)
CROP = 6.0  # pixels of 64 that an image is moved and so cropped by, at the most
BRIGHTNESS = 40.0  # of 255, at the most, each way
THINNER, THICKER = 0.2, 0.3  # shares of images whose ink is eroded, or dilated


@dataclass(frozen=True)
class Views:
    """How each of some images is changed; a row an image."""

    angles: np.ndarray
    zooms: np.ndarray
    shifts: np.ndarray
    lights: np.ndarray
    bolder: np.ndarray

    @classmethod
    def drawn(cls, count: int, seed: int) -> Views:
        """Views of `count` images; the same seed draws the same."""
        rng = np.random.default_rng([41, seed])
        return cls(
            angles=np.deg2rad(rng.uniform(-ROTATION, ROTATION, count)),
            zooms=rng.uniform(*ZOOM, count),
            shifts=rng.uniform(-CROP, CROP, (count, 2)),
            lights=rng.uniform(-BRIGHTNESS, BRIGHTNESS, count),
            bolder=rng.choice([-1.0, 0.0, 1.0], count, p=[THINNER, 1 - THINNER - THICKER, THICKER]),
        )

    def transforms(self) -> np.ndarray:
        """The eight numbers by which TensorFlow maps a pixel of the result to one of the image, around the middle."""
        cos, sin = np.cos(self.angles) / self.zooms, np.sin(self.angles) / self.zooms
        middle = (RAW - 1) / 2
        right = middle + self.shifts[:, 0] - cos * middle + sin * middle
        down = middle + self.shifts[:, 1] - sin * middle - cos * middle
        zero = np.zeros_like(cos)
        return np.stack([cos, -sin, right, sin, cos, down, zero, zero], axis=1).astype(np.float32)


def augmented(raw: np.ndarray, seed: int) -> np.ndarray:
    """One other view of each raw image, prepared for the network."""
    views = Views.drawn(len(raw), seed)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=grey(tf.constant(raw, tf.float32)),
        transforms=views.transforms(),
        output_shape=[RAW, RAW],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
    lit = tf.clip_by_value(moved + views.lights.astype(np.float32)[:, None, None, None], 0.0, 255.0)
    return prepared(lit, tf.constant(views.bolder, tf.float32)).numpy()
