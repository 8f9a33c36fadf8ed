"""The classifier of fixtures: reads attributes from the pixels of a schematic face, and nothing else.

A score is the contrast between the parts of a face that an attribute darkens and parts that it does not, on a logistic
scale from 0 to 1. A picture in which no eyes are seen is no face: its scores are not numbers, that is, invalid.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from latent_boundary import faces

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_EYES = 0.1  # contrast between skin and eyes, in shares of the whole range


class Templates:
    """A classifier for pictures of one size; a score a picture and attribute."""

    name = "templates"
    attributes = faces.ATTRIBUTES

    def __init__(self, size: int, attributes: Sequence[str]) -> None:
        self._shapes, self._attributes = faces.Shapes(size), tuple(attributes)
        middle = faces.mean_picture(self._shapes).mean(axis=-1)
        units = {name: pattern.mean(axis=-1) for name, pattern in faces.patterns(self._shapes).items()}
        self._templates = [self._contrasts[name] for name in self._attributes]
        self._middles = [_sum(template, middle) for template in self._templates]
        self._scales = [_sum(self._contrasts[name], units[name]) for name in self._attributes]

    def scores(self, pictures: np.ndarray) -> np.ndarray:
        """Scores of uint8 pictures [count, size, size, 3]: float32 [count, attributes], NaN where no face is seen."""
        return np.array([self._scored(picture) for picture in pictures], np.float32).reshape(-1, len(self._attributes))

    def _scored(self, picture: np.ndarray) -> list[float]:
        grey = picture.mean(axis=-1) / 255
        if _sum(self._eyes, grey) < LEAST_EYES:
            return [np.nan] * len(self._attributes)
        read = zip(self._templates, self._middles, self._scales, strict=True)
        return [1 / (1 + np.exp(-(_sum(template, grey) - middle) / scale)) for template, middle, scale in read]

    @cached_property
    def _eyes(self) -> np.ndarray:
        return _average(self._shapes.cheeks()) - _average(self._shapes.eyes)

    @cached_property
    def _contrasts(self) -> dict[str, np.ndarray]:
        """Weights of pixels by attribute; they sum to 0, so that the light of the whole picture does not count."""
        shapes = self._shapes
        smile, frown = (np.clip(a - b, 0, 1) for a, b in _both(shapes.smile, shapes.frown))
        return {
            "smile": _average(frown) - _average(smile),
            "glasses": _average(shapes.around_rings()) - _average(shapes.rings * (1 - shapes.eyes)),
            "hair": _average(shapes.cheeks()) - _average(shapes.hair),
            "beard": _average(shapes.cheeks()) - _average(shapes.beard),
        }


def _both(one: np.ndarray, other: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    return (one, other), (other, one)


def _average(shape: np.ndarray) -> np.ndarray:
    return shape / shape.sum()


def _sum(weights: np.ndarray, picture: np.ndarray) -> float:
    return float((weights * picture).sum())
