"""Conditional directions: orthogonal to every other boundary, and the paper's formula for two."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from hypothesis import given
from hypothesis import strategies as st
from latent_boundary.projection import conditional


def normals(count: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(count, 16))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@given(st.integers(1, 8), st.integers(0, 1000))
def test_each_is_a_unit_vector_orthogonal_to_all_other_boundaries(count: int, seed: int) -> None:
    given_ = normals(count, seed)
    found = conditional(given_, [str(row) for row in range(count)])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    products = found @ given_.T
    np.testing.assert_allclose(products - np.diag(np.diag(products)), 0, atol=1e-5)
    assert (np.diag(products) > 0).all()


def test_for_two_it_is_the_papers_formula() -> None:
    one, other = normals(2, 4)
    expected = one - (one @ other) * other
    np.testing.assert_allclose(conditional(np.array([one, other]), "ab")[0], expected / np.linalg.norm(expected), 1e-4)


def test_one_alone_stays_as_it_is() -> None:
    np.testing.assert_allclose(conditional(normals(1, 0), ["a"]), normals(1, 0), atol=1e-7)


def test_attributes_that_are_one_and_the_same_are_refused() -> None:
    given_ = normals(2, 0)
    with pytest.raises(StepError, match="nothing is left of a, c without the other boundaries"):
        conditional(np.array([given_[0], given_[1], given_[0] + 1e-4]), ["a", "b", "c"])
