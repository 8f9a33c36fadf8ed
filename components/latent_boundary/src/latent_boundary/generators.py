"""Which generator makes the pictures: the linear one of fixtures, or a pickled StyleGAN3 by URI."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from graft_steps import places
from graft_steps.checks import one_of

from latent_boundary.linear import Linear, planted_directions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np


class Generator(Protocol):
    """From seeds to latent codes, from these to pictures."""

    name: str
    dimension: int

    def latents(self, seeds: Iterable[int]) -> np.ndarray:
        """Latent codes, float32 [count, dimension]."""

    def pictures(self, latents: np.ndarray) -> Iterator[np.ndarray]:
        """A picture, uint8 [size, size, 3], for each latent code."""


@contextmanager
def opened(name: str, size: int) -> Iterator[Generator]:
    """The generator `name`, in pictures of `size` pixels."""
    if not places.is_place(name):
        one_of("generator", name, ("linear",))
        yield Linear(size)
        return
    from latent_boundary.stylegan import StyleGAN3

    with places.fetched("generator", name) as file:
        yield StyleGAN3(name, file, size)


def planted(name: str) -> Mapping[str, np.ndarray]:
    """The true direction of each attribute, where the generator has been made with known ones; else nothing."""
    return planted_directions()[0] if name == Linear.name else {}
