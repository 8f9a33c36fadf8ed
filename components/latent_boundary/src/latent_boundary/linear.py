"""The generator of fixtures: fixed, random and linear, so that the direction of every attribute is known.

A picture is `clip(mean + W z)`. The columns of W are made of an orthonormal random basis of the latent space: along
each planted direction lies an attribute's pattern, along the others lie colours and smooth random fields that say
nothing about any attribute. Some planted directions are not orthogonal, as in generators that have learnt from photos,
so that conditional projection has something to do.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

from latent_boundary import faces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DIMENSION = 64
_BASIS_SEED, _FIELDS_SEED = 2005, 10635
_ENTANGLED = {"glasses": ("hair", 0.4), "beard": ("smile", 0.3)}  # by which cosine, with which other attribute
_BACKGROUND, _TONE, _FIELD = 0.06, 0.015, 0.006  # how much one unit of a direction without attribute changes


class Linear:
    """The generator in pictures of one size; `planted` are unit directions, [dimension] each, by attribute."""

    name = "linear"
    dimension = DIMENSION

    def __init__(self, size: int) -> None:
        self.size = size
        self.planted, rest = planted_directions()
        shapes = faces.Shapes(size)
        attributes = faces.patterns(shapes)
        patterns = chain((attributes[name] for name in self.planted), _colours(shapes), _fields(size, len(rest)))
        columns = np.empty((DIMENSION, size * size * 3), np.float32)
        for column, pattern in zip(columns, patterns, strict=False):
            column[:] = pattern.ravel()
        directions = np.array([*self.planted.values(), *rest], np.float32)
        self._weights = columns.T @ directions  # [size * size * 3, dimension]
        self._mean = faces.mean_picture(shapes).ravel().astype(np.float32)

    def latents(self, seeds: Iterable[int]) -> np.ndarray:
        """Standard normal latent codes, float32 [count, dimension]; each depends on its own seed alone."""
        return np.array([np.random.default_rng(seed).standard_normal(DIMENSION, np.float32) for seed in seeds])

    def pictures(self, latents: np.ndarray) -> Iterator[np.ndarray]:
        """One picture, uint8 [size, size, 3], for each latent code.

        Each is computed by itself, as in a product of matrices the order of sums, and so the last bit, would depend on
        how many there are; and by einsum, whose one thread is faster than BLAS's several where shards run side by side.
        """
        if latents.shape[1:] != (DIMENSION,):
            raise StepError(f"generator: linear takes latent codes of {DIMENSION} values, not {latents.shape[1:]}")
        for code in latents.astype(np.float32):
            values = self._mean + np.einsum("pd,d->p", self._weights, code)
            yield (np.clip(values, 0, 1) * 255).round().astype(np.uint8).reshape(self.size, self.size, 3)


def planted_directions() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The unit direction of each attribute, and an orthonormal basis [rest, dimension] of what is left."""
    basis, _ = np.linalg.qr(np.random.default_rng(_BASIS_SEED).standard_normal((DIMENSION, DIMENSION)))
    own = dict(zip(faces.ATTRIBUTES, basis.T, strict=False))
    planted = dict(own)
    for name, (other, cosine) in _ENTANGLED.items():
        planted[name] = cosine * own[other] + np.sqrt(1 - cosine**2) * own[name]
    return planted, basis.T[len(own) :]


def _colours(shapes: faces.Shapes) -> Iterator[np.ndarray]:
    """The background's three colours, and two tones of the skin."""
    for channel in np.eye(3):
        yield _BACKGROUND * (1 - np.maximum(shapes.face, shapes.hair))[..., None] * channel
    for tone in ([1.0, 1.0, 1.0], [1.0, 0.0, -1.0]):
        yield _TONE * shapes.skin[..., None] * np.array(tone)


def _fields(size: int, count: int) -> Iterator[np.ndarray]:
    """Smooth random fields of colour: a few waves each, [size, size, 3]."""
    rng = np.random.default_rng(_FIELDS_SEED)
    centres = (np.arange(size) + 0.5) / size
    for _ in range(count):
        waves = rng.integers(1, 5, (4, 2)) * rng.choice([-1, 1], (4, 2))
        phases, colours = rng.uniform(0, 2 * np.pi, 4), rng.normal(0, 1, (4, 3))
        angles = 2 * np.pi * (waves[:, :1, None] * centres[:, None] + waves[:, 1:, None] * centres[None]) / 2
        yield _FIELD * np.einsum("wyx,wc->yxc", np.cos(angles + phases[:, None, None]), colours) / 2
