"""A schematic face as sums of soft shapes: where its parts are, which both the generator and the classifier know.

Coordinates run from -1 to 1, x to the right and y down; every shape is an array [size, size] from 0 (outside) to 1.
"""

from __future__ import annotations

import numpy as np

EYES = ((-0.25, -0.06), (0.25, -0.06))
BACKGROUND, SKIN, HAIR, EYE = (0.74, 0.80, 0.86), (0.84, 0.68, 0.57), (0.47, 0.37, 0.29), (0.16, 0.13, 0.13)


class Shapes:
    """All shapes of the face in pictures of one size."""

    def __init__(self, size: int) -> None:
        centres = (np.arange(size) + 0.5) / size * 2 - 1
        self._x, self._y = np.meshgrid(centres, centres)
        self._sharpness = size / 1.5  # an edge is about two pixels wide
        self.face = self._ellipse(0, 0.08, 0.58, 0.76)
        self.hair = self._ellipse(0, -0.12, 0.72, 0.80) * self._inside(self._y + 0.42 - 0.45 * self._x**2)
        self.skin = self.face * (1 - self.hair)
        self.eyes = sum(self._ellipse(x, y, 0.08, 0.06) for x, y in EYES)
        self.rings = self._rings(0.035)
        self.smile, self.frown = self._mouth(0.52, -1.4), self._mouth(0.40, 1.4)
        self.mouth = np.maximum(self.smile, self.frown)
        around = self._ellipse(0, 0.46, 0.36, 0.16)
        self.beard = self.skin * self._inside(0.28 - self._y) * (1 - around)

    def around_rings(self) -> np.ndarray:
        """Skin on both sides of the glasses' rings, with neither rings nor eyes."""
        return np.clip(self._rings(0.09) - self._rings(0.05) - self.eyes, 0, 1) * self.skin

    def cheeks(self) -> np.ndarray:
        """Skin between eyes and mouth."""
        return self.skin * self._inside(0.15 - self._y) * self._inside(self._y - 0.25)

    def _inside(self, distance: np.ndarray) -> np.ndarray:
        """1 where a distance is negative, 0 where it is positive, soft between."""
        return 1 / (1 + np.exp(np.clip(distance * self._sharpness * 2, -50, 50)))

    def _ellipse(self, x: float, y: float, wide: float, high: float) -> np.ndarray:
        radius = np.hypot((self._x - x) / wide, (self._y - y) / high)
        return self._inside((radius - 1) * min(wide, high))

    def _rings(self, half: float) -> np.ndarray:
        distances = [np.abs(np.hypot(self._x - x, self._y - y) - 0.18) for x, y in EYES]
        bridge = np.maximum(np.abs(self._y - EYES[0][1]), (np.abs(self._x) - 0.09))
        return self._inside(np.minimum.reduce([*distances, bridge]) - half)

    def _mouth(self, middle: float, bend: float) -> np.ndarray:
        height = np.abs(self._y - middle - bend * self._x**2)
        return self._inside(np.maximum(height - 0.035, np.abs(self._x) - 0.29))


def mean_picture(shapes: Shapes) -> np.ndarray:
    """The face in the middle of every attribute: RGB from 0 to 1, [size, size, 3]."""
    picture = np.broadcast_to(BACKGROUND, (*shapes.face.shape, 3))
    for shape, colour in ((shapes.face, SKIN), (shapes.hair, HAIR), (shapes.eyes, EYE)):
        picture = picture + shape[..., None] * (np.array(colour) - picture)
    dark = 0.30 * shapes.mouth + 0.28 * shapes.rings + 0.20 * shapes.beard
    return picture - dark[..., None]


def patterns(shapes: Shapes) -> dict[str, np.ndarray]:
    """What one unit more of each attribute adds to a picture: [size, size, 3] each."""
    grey = np.ones(3)
    return {
        "smile": 0.15 * (shapes.frown - shapes.smile)[..., None] * np.array([0.7, 1.1, 1.1]),
        "glasses": -0.11 * shapes.rings[..., None] * grey,
        "hair": -0.13 * shapes.hair[..., None] * np.array([1.1, 1.0, 0.9]),
        "beard": -0.09 * shapes.beard[..., None] * grey,
    }


ATTRIBUTES = ("smile", "glasses", "hair", "beard")
