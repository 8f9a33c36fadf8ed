"""Choosing, splitting and fitting: the rows that count, the direction that is found, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from hypothesis import given
from hypothesis import strategies as st
from latent_boundary import boundaries


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@given(st.integers(120, 400), st.floats(0.1, 0.5), st.floats(0.25, 0.75), st.integers(0, 20))
def test_every_valid_row_is_in_one_part_and_the_chosen_are_the_extremes(
    count: int, chosen: float, ratio: float, invalid: int
) -> None:
    scores = np.random.default_rng(count).normal(size=count)
    scores[:invalid] = np.nan
    found = boundaries.parts(scores, chosen, ratio, rng())
    picked = np.concatenate([found.train, found.validation])
    assert sorted(np.concatenate([picked, found.rest])) == list(range(invalid, count))
    assert found.invalid == invalid
    high, low = (scores[picked][found.labels[picked] == label] for label in (1, 0))
    assert len(high) == len(low) == int((count - invalid) * chosen)
    if len(found.rest):
        assert high.min() >= scores[found.rest].max() and low.max() <= scores[found.rest].min()
    assert found.labels[found.train].mean() == 0.5


def test_the_rest_is_labelled_by_the_midpoint_of_the_scores() -> None:
    scores = np.concatenate([np.linspace(0, 0.3, 90), np.linspace(0.8, 1, 10)])
    found = boundaries.parts(scores, 10, 0.5, rng())
    assert set(found.labels[found.rest]) == {0}
    assert set(found.labels[90:]) == {1}


def test_half_of_all_on_each_side_leaves_no_rest() -> None:
    assert len(boundaries.parts(np.arange(100.0), 0.5, 0.7, rng()).rest) == 0


def test_scores_that_do_not_tell_the_chosen_apart_are_refused() -> None:
    scores = np.array([1.0] * 10 + [0.0] * 190)
    with pytest.raises(StepError, match="the 20 highest and the 20 lowest scores meet at 0"):
        boundaries.parts(scores, 20, 0.7, rng())


@pytest.mark.parametrize(("chosen", "ratio"), [(3, 0.7), (0.02, 0.7), (50, 0.01), (10, 0.99)])
def test_too_few_to_train_on_or_to_validate_with_are_refused(chosen: float, ratio: float) -> None:
    with pytest.raises(StepError, match="leave fewer than 2 to train on or to validate with"):
        boundaries.parts(np.arange(100.0), chosen, ratio, rng())


def planted(count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Codes of eight values, of which the first decides the label."""
    drawn = np.random.default_rng(1)
    latents = drawn.normal(size=(count, 8)).astype(np.float32)
    return latents, (latents[:, 0] + noise * drawn.normal(size=count) > 0).astype(int)


def test_the_normal_is_a_unit_vector_that_points_to_the_high_scores() -> None:
    latents, labels = planted(400, 0.1)
    found = boundaries.fit(latents, labels)
    assert found.normal.shape == (1, 8) and found.normal.dtype == np.float32
    assert np.linalg.norm(found.normal) == pytest.approx(1, abs=1e-6)
    assert boundaries.cosine(found.normal, np.eye(8)[0]) > 0.95
    assert found.right(latents, labels).value > 0.9
    assert found.right(latents, 1 - labels).value < 0.1


def test_the_offset_is_a_distance() -> None:
    latents, labels = planted(400, 0.0)
    moved = latents + 5 * np.eye(8, dtype=np.float32)[0]
    assert boundaries.fit(moved, labels).offset == pytest.approx(-5, abs=0.5)


def test_the_interval_covers_the_cosine_and_narrows_with_more_pictures() -> None:
    truth, widths = np.eye(8)[0], []
    for count in (60, 600):
        latents, labels = planted(count, 0.5)
        found = boundaries.cosine_estimate(latents, labels, boundaries.fit(latents, labels), truth)
        assert found.low <= found.value <= found.high <= 1
        widths.append(found.high - found.low)
    assert widths[1] < widths[0]


def test_codes_that_are_all_alike_have_no_boundary() -> None:
    with pytest.raises(StepError, match="all alike"):
        boundaries.fit(np.ones((20, 4), np.float32), np.arange(20) % 2)
