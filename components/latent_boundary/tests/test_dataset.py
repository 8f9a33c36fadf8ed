"""The data set: shards in one order, each picture once, and refused where it cannot be right."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import dataset, samples, scores
from latent_boundary.dataset import Dataset
from latent_boundary_small import Run, combined, invented, sampled

EXPECTED = range(0, 120)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> tuple[list, list]:
    """Two shards as they are read: latent codes and scores."""
    folder = tmp_path_factory.mktemp("shards")
    made = [sampled(folder, seeds) for seeds in ("0-49", "50-119")]
    return [samples.read_codes(one) for _, one, _ in made], [scores.read(other) for _, _, other in made]


def test_the_order_of_the_shards_changes_nothing(shards: tuple[list, list]) -> None:
    made, scored = shards
    first = dataset.combined(made, scored, EXPECTED)
    assert first.seeds.tolist() == list(EXPECTED)
    assert dataset.combined(made[::-1], scored, EXPECTED).digest() == first.digest()
    assert dataset.combined(made, scored[::-1], EXPECTED).digest() == first.digest()


def test_one_shard_and_four_give_the_same_data(finished: Run, tmp_path: Path) -> None:
    one, four = dataset.load(combined(tmp_path, 1)), dataset.load(finished.data)
    assert (one.facts["shards"], four.facts["shards"]) == (1, 4)
    assert one.digest() == four.digest()


def test_a_shard_that_is_missing_or_there_twice_is_found(shards: tuple[list, list]) -> None:
    made, scored = shards
    with pytest.raises(StepError, match="latent codes: 50 of 120 expected, 70 missing and 0 there twice"):
        dataset.combined(made[:1], scored, EXPECTED)
    with pytest.raises(StepError, match="scores: 170 of 120 expected, 0 missing and 50 there twice"):
        dataset.combined(made, [*scored, scored[0]], EXPECTED)
    with pytest.raises(StepError, match="the shards do not belong to one run"):
        dataset.combined(made, scored, range(1, 121))


def test_scores_of_other_pictures_are_found(shards: tuple[list, list]) -> None:
    made, scored = shards
    wrong = replace(scored[0], hashes=scored[0].hashes[::-1])
    with pytest.raises(StepError, match="scores are those of other pictures"):
        dataset.combined(made, [wrong, scored[1]], EXPECTED)


def test_shards_made_in_different_ways_are_not_mixed(shards: tuple[list, list]) -> None:
    made, scored = shards
    other = replace(made[0], facts={"generator": "linear", "image_size": 64})
    with pytest.raises(StepError, match="made in different ways"):
        dataset.combined([other, made[1]], scored, EXPECTED)
    with pytest.raises(StepError, match="no latent codes to combine"):
        dataset.combined([], scored, EXPECTED)


def altered(**parts: np.ndarray) -> Dataset:
    return replace(invented(), **parts)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    good = invented()
    latents = np.concatenate([good.latents[:1], good.latents[:-1]])
    latents[:, 3] = 1
    with pytest.raises(StepError) as problem:
        altered(latents=latents, seeds=np.zeros(200, int)).check()
    expected = ["seeds stand there twice", "1 of 8 values of a latent code never change", "codes stand there twice"]
    assert [part for part in expected if part not in str(problem.value)] == []


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"latents": np.ones((200, 8), np.float32)}, "all latent codes are the same"),
        ({"latents": np.full((200, 8), np.nan, np.float32)}, "not finite"),
        ({"latents": np.ones((150, 8), np.float32)}, "150 latent codes, 200 seeds and 200 scores"),
        ({"scores": np.ones((200, 2), np.float32)}, "one: every picture has the score 1"),
        ({"scores": np.full((200, 2), np.nan, np.float32)}, "200 of 200 scores are invalid"),
        ({"scores": np.ones((200, 3), np.float32)}, "3 columns of scores, and 2 attributes"),
    ],
)
def test_data_that_cannot_be_right_are_refused(parts: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(StepError, match=message):
        altered(**parts).check()


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(StepError, match="60 rows; there must be at least 100"):
        invented(60).check()


def test_what_is_saved_is_read_again_and_damage_is_named(tmp_path: Path) -> None:
    invented().save(tmp_path / "data")
    assert dataset.load(tmp_path / "data").digest() == invented().digest()
    for name in ("latents.npy", "scores.npy", "seeds.npy", "dataset.json"):
        copy = Path(shutil.copytree(tmp_path / "data", tmp_path / name))
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content[: len(content) // 2])
        with pytest.raises(StepError, match=rf"{name}.* cut off"):
            dataset.load(copy)
        (copy / name).unlink()
        with pytest.raises(StepError, match=f"{name} does not exist"):
            dataset.load(copy)


def test_a_data_set_names_its_attributes(tmp_path: Path) -> None:
    invented().save(tmp_path)
    (tmp_path / "dataset.json").write_text("{}")
    with pytest.raises(StepError, match="does not name the attributes"):
        dataset.load(tmp_path)
    with pytest.raises(StepError, match="did you mean 'one'"):
        invented().scores_of("on")
