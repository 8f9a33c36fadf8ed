"""The boundary trainer on real pictures: it finds what was planted, and says where there is nothing to find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import results
from latent_boundary.dataset import Dataset
from latent_boundary.steps import training
from latent_boundary_small import Run, combined, invented, trained

HOW = training.How(0.1, 0.7, 7, "linear")


def test_every_boundary_is_within_a_cosine_of_nine_tenths(finished: Run) -> None:
    for folder in finished.boundaries:
        found, _ = results.load(folder)
        assert found.cosine.value >= 0.9, found.attribute
        assert found.validation.low > found.majority == 0.5
        assert found.rest.value > 0.85


def test_one_shard_and_four_give_the_same_boundaries(finished: Run, tmp_path: Path) -> None:
    again = trained(combined(tmp_path, 1), tmp_path)
    for one, four in zip(again, finished.boundaries, strict=True):
        assert (one / results.ARRAY).read_bytes() == (four / results.ARRAY).read_bytes()
        assert (one / results.FACTS).read_bytes() == (four / results.FACTS).read_bytes()


def test_a_boundary_is_kept_as_one_unit_vector_of_float32(finished: Run) -> None:
    kept = np.load(finished.boundaries[0] / results.ARRAY)
    assert (kept.shape, kept.dtype) == ((1, 64), np.float32)
    assert np.linalg.norm(kept) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("changed", [{"chosen": 90}, {"split_ratio": 0.5}, {"seed": 8}])
def test_every_setting_changes_the_boundary(finished: Run, tmp_path: Path, changed: dict[str, float]) -> None:
    how = replace(training.How(0.1, 0.7, 7, "linear"), **changed)
    training.train(finished.data, "smile", HOW, tmp_path / "one")
    training.train(finished.data, "smile", how, tmp_path / "other")
    assert not np.array_equal(*(np.load(tmp_path / name / results.ARRAY) for name in ("one", "other")))


def test_scores_that_do_not_belong_to_their_codes_stop_the_run(data: Dataset, tmp_path: Path) -> None:
    shuffled = np.random.default_rng(0).permutation(data.scores)
    replace(data, scores=shuffled).save(tmp_path / "data")
    with pytest.raises(StepError, match=r"smile: the boundary learnt nothing: accuracy .* on validation pictures"):
        training.train(tmp_path / "data", "smile", HOW, tmp_path / "out")


def test_invalid_scores_are_dropped_and_counted(data: Dataset, tmp_path: Path) -> None:
    scores = data.scores.copy()
    scores[::10, 0] = np.nan
    replace(data, scores=scores).save(tmp_path / "data")
    training.train(tmp_path / "data", "smile", HOW, tmp_path / "out")
    found, _ = results.load(tmp_path / "out")
    assert (found.invalid, found.train) == (300, 2 * 189)


def test_codes_of_another_generator_are_refused(tmp_path: Path) -> None:
    invented(generator="/models/ffhq.pkl").save(tmp_path / "data")
    with pytest.raises(StepError, match=r"those of '/models/ffhq\.pkl', not of 'linear'"):
        training.train(tmp_path / "data", "one", HOW, tmp_path / "out")


def test_without_planted_directions_there_is_no_cosine(tmp_path: Path) -> None:
    invented(400).save(tmp_path / "data")
    how = replace(HOW, generator="/models/ffhq.pkl")
    measured = training.train(tmp_path / "data", "one", how, tmp_path / "out")
    assert not any("cosine" in name for name in measured.metrics)
    assert measured.metrics["one_validation_accuracy"] > 0.9
    assert np.sum(measured.confusion) == measured.metrics["one_validation_accuracy_n"]


def test_the_lowest_is_what_is_judged(finished: Run) -> None:
    found = [results.load(folder)[0] for folder in finished.boundaries]
    estimate, worst = results.judged(found)
    assert estimate.name == "lowest_cosine"
    assert estimate.value == min(each.cosine.value for each in found) == worst.cosine.value
    blind = [replace(each, cosine=None) for each in found]
    assert results.judged(blind)[0].name == "lowest_validation_accuracy"


def test_a_normal_that_is_no_unit_vector_is_refused(finished: Run, tmp_path: Path) -> None:
    found, boundary = results.load(finished.boundaries[0])
    results.save(found, replace(boundary, normal=2 * boundary.normal), tmp_path)
    with pytest.raises(StepError, match="is not a unit vector"):
        results.load(tmp_path)
