"""The step that makes the model: every attribute once, in the order in which they were asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import model
from latent_boundary.steps import projecting
from latent_boundary_small import ATTRIBUTES, Run


def test_attributes_keep_the_order_of_the_parameter_not_of_the_folders(finished: Run, tmp_path: Path) -> None:
    projecting.project(finished.data, finished.boundaries[::-1], ATTRIBUTES, tmp_path / "model", tmp_path / "results")
    one, other = (model.load(folder) for folder in (finished.directions, tmp_path / "model"))
    assert one.attributes == other.attributes == tuple(ATTRIBUTES)
    np.testing.assert_array_equal(one.conditional, other.conditional)


def test_the_record_names_the_attributes_that_were_asked_for(finished: Run, tmp_path: Path) -> None:
    asked = ATTRIBUTES[:2]
    facts = projecting.project(finished.data, finished.boundaries[:2], asked, tmp_path / "model", tmp_path / "results")
    assert facts["attributes"] == asked


@pytest.mark.parametrize("count", [0, 2])
def test_a_boundary_that_is_missing_is_named(finished: Run, tmp_path: Path, count: int) -> None:
    with pytest.raises(StepError, match=r"'smile'\] were asked for, and the boundaries are of"):
        projecting.project(finished.data, finished.boundaries[:count], ATTRIBUTES, tmp_path / "a", tmp_path / "b")


def test_a_boundary_that_is_there_twice_is_refused(finished: Run, tmp_path: Path) -> None:
    twice = [*finished.boundaries, finished.boundaries[0]]
    with pytest.raises(StepError, match="were asked for"):
        projecting.project(finished.data, twice, ATTRIBUTES, tmp_path / "a", tmp_path / "b")
