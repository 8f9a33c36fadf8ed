"""The linear generator: fixed, linear, and true to its planted directions."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import faces
from latent_boundary.boundaries import cosine
from latent_boundary.linear import DIMENSION, Linear


def pictures(generator: Linear, latents: np.ndarray) -> np.ndarray:
    return np.array(list(generator.pictures(latents)))


def test_a_code_depends_on_its_seed_alone_and_a_picture_on_its_code_alone() -> None:
    generator = Linear(32)
    together = generator.latents(range(40, 60))
    np.testing.assert_array_equal(together[7:9], generator.latents([47, 48]))
    np.testing.assert_array_equal(pictures(generator, together)[7:9], pictures(Linear(32), together[7:9]))


def test_planted_directions_are_unit_vectors_of_which_some_are_entangled() -> None:
    planted = Linear(32).planted
    assert list(planted) == list(faces.ATTRIBUTES)
    np.testing.assert_allclose([np.linalg.norm(direction) for direction in planted.values()], 1)
    assert cosine(planted["glasses"], planted["hair"]) == pytest.approx(0.4)
    assert cosine(planted["smile"], planted["hair"]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("size", [32, 64, 256])
def test_an_attribute_shows_at_its_place_in_any_size(size: int) -> None:
    generator = Linear(size)
    shapes = faces.Shapes(size)
    hair = generator.planted["hair"]
    light, dark = pictures(generator, np.array([-2 * hair, 2 * hair])).mean(axis=-1)
    assert (light - dark)[shapes.hair > 0.9].mean() > 80
    assert abs((light - dark)[shapes.beard > 0.9].mean()) < 5


def test_codes_of_another_length_are_refused() -> None:
    with pytest.raises(StepError, match=f"takes latent codes of {DIMENSION} values"):
        list(Linear(32).pictures(np.zeros((2, 512))))
