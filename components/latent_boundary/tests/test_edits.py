"""Edits: codes at the distance that was asked for, and what the classifier sees change in their pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import edits, model
from latent_boundary.dataset import Dataset
from latent_boundary.edits import Changes
from latent_boundary.linear import Linear
from latent_boundary.loaders.graft_latent_edit import moved
from latent_boundary.templates import Templates
from latent_boundary_small import ATTRIBUTES, SIZE, Run


def test_a_code_moves_to_its_distance_and_nowhere_else() -> None:
    rng = np.random.default_rng(0)
    codes, direction = rng.normal(size=(4, 6)), np.eye(6)[2]
    found = moved(codes, direction, [-3, 0, 1, 3])
    np.testing.assert_allclose(found[:, 2], [-3, 0, 1, 3], atol=1e-6)
    np.testing.assert_allclose(np.delete(found, 2, axis=1), np.delete(codes, 2, axis=1), atol=1e-6)


def test_a_grid_has_a_row_a_sample_and_ten_distances_from_minus_three_to_three(data: Dataset) -> None:
    pictures = edits.grid(Linear(SIZE), data.latents[:2], np.eye(64)[0])
    assert [len(row) for row in pictures] == [10, 10]
    assert (edits.DISTANCES[0], edits.DISTANCES[-1]) == (-3, 3)
    np.testing.assert_allclose(np.diff(edits.DISTANCES), 6 / 9)


def test_an_edit_changes_its_attribute_in_pictures_and_projection_spares_the_others(finished: Run) -> None:
    for name in ATTRIBUTES:
        assert finished.metrics[f"{name}_edit"] > 0.7
        assert finished.metrics[f"{name}_spill"] < 0.25
    for name in ("glasses", "hair"):  # which are entangled
        assert finished.metrics[f"{name}_spill"] < finished.metrics[f"{name}_spill_before"] - 0.15


def test_a_direction_that_does_not_show_in_pictures_is_refused(finished: Run, data: Dataset) -> None:
    known = model.load(finished.directions)
    turned = replace(known, conditional=-known.conditional)
    with pytest.raises(StepError, match=r"smile: moving from -3 to 3 changes its score by -0.* does not show"):
        edits.changes(Linear(SIZE), Templates(SIZE, ATTRIBUTES), data.latents[:4], turned)


def test_pictures_that_the_classifier_cannot_read_leave_nothing_to_measure(finished: Run, data: Dataset) -> None:
    class Blind:
        def scores(self, pictures: np.ndarray) -> np.ndarray:
            return np.full((len(pictures), 3), np.nan, np.float32)

    with pytest.raises(StepError, match="changes its score by nan"):
        edits.changes(Linear(SIZE), Blind(), data.latents[:4], model.load(finished.directions))


def test_one_attribute_alone_spills_on_nothing() -> None:
    assert Changes(np.array([[0.8]]), np.array([[0.8]])).spill(0) == (0.0, 0.0)


def test_the_preview_is_one_picture_an_attribute(finished: Run) -> None:
    names = {file.name for file in Path(finished.evaluation / "plots").iterdir()}
    assert names == {"measured.png", "changes.png", *(f"edits-{name}.png" for name in ATTRIBUTES)}
