"""Samples and scores of one shard: by the command lines, and refused where they cannot be right."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import dataset, sample, samples, score, scores
from latent_boundary.linear import Linear

SEEDS = range(350_000, 350_120)


class Stuck(Linear):
    """A generator that makes one picture, whatever the code, or pictures of one value."""

    flat = False

    def pictures(self, latents: np.ndarray) -> Iterator[np.ndarray]:
        for _ in latents:
            picture = np.zeros((self.size, self.size, 3), np.uint8)
            picture[0] = 0 if self.flat else 9
            yield picture


@pytest.fixture
def copied(shard: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    """A copy of the pictures that a test may damage."""
    return Path(shutil.copytree(shard[0], tmp_path / "pictures"))


def scored(folder: Path, attributes: str = '["smile"]', classifier: str = "templates") -> None:
    arguments = ["--pictures", str(folder), "--attributes", attributes, "--classifier", classifier]
    score.main([*arguments, "--scores", str(folder.parent / "scores")])


def test_a_shard_holds_pictures_codes_seeds_and_scores_of_equal_number(shard: tuple[Path, Path, Path]) -> None:
    made, codes, read = samples.read_pictures(shard[0]), samples.read_codes(shard[1]), scores.read(shard[2])
    assert made.images.shape == (120, 32, 32, 3) and made.images.dtype == np.uint8
    assert codes.latents.shape == (120, 64) and codes.latents.dtype == np.float32
    assert made.seeds.tolist() == codes.seeds.tolist() == read.seeds.tolist() == list(range(350000, 350120))
    assert read.values.shape == (120, 3) and np.isfinite(read.values).all()
    assert codes.hashes.tolist() == read.hashes.tolist()
    assert made.facts == codes.facts == {"generator": "linear", "image_size": 32}


@pytest.mark.parametrize("name", ["pictures.npy", "seeds.npy"])
def test_a_file_that_is_cut_off_is_named(copied: Path, name: str) -> None:
    content = (copied / name).read_bytes()
    (copied / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(SystemExit, match=f"{name} cannot be read as an array, it may be cut off"):
        scored(copied)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [("seeds.npy", np.arange(3), "120 pictures, 3 seeds; there must be as many of each"),
     ("pictures.npy", np.zeros((0, 32, 32, 3), np.uint8), "of nothing"),
     ("pictures.npy", np.zeros((120, 32, 32, 3)), "holds float64 of 4 dimensions")],
)  # fmt: skip
def test_an_array_that_does_not_belong_there_is_refused(
    copied: Path, name: str, array: np.ndarray, message: str
) -> None:
    np.save(copied / name, array)
    with pytest.raises(SystemExit, match=message):
        scored(copied)


def test_pictures_in_another_order_than_their_seeds_are_found_when_shards_are_combined(
    shard: tuple[Path, Path, Path], copied: Path
) -> None:
    pictures = np.load(copied / "pictures.npy")
    np.save(copied / "pictures.npy", pictures[::-1])
    scored(copied)
    with pytest.raises(StepError, match="some scores are those of other pictures"):
        dataset.combined([samples.read_codes(shard[1])], [scores.read(copied.parent / "scores")], SEEDS)


def test_a_generator_that_makes_one_picture_only_is_broken(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="10 pictures, and only 1 different ones"):
        samples.write(Stuck(32), range(10), 32, tmp_path / "a", tmp_path / "b")


def test_a_picture_of_one_value_names_its_seed(tmp_path: Path) -> None:
    stuck = Stuck(32)
    stuck.flat = True
    with pytest.raises(StepError, match="the picture of seed 5 is of one single value"):
        samples.write(stuck, range(5, 9), 32, tmp_path / "a", tmp_path / "b")


def test_a_classifier_that_sees_nothing_or_no_difference_is_refused() -> None:
    values = np.array([[np.nan, 0.5, 0.1], [np.nan, 0.5, 0.2], [0.3, 0.5, np.nan]], np.float32)
    with pytest.raises(StepError) as problem:
        scores.check(values, ["a", "b", "c"])
    assert "a: 2 of 3 scores are invalid" in str(problem.value)
    assert "b: every picture has the score 0.5" in str(problem.value)
    assert "c:" not in str(problem.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--seeds", "9-2"), "is not a range"), (("--generator", "lin"), "did you mean 'linear'"),
     (("--image-size", "8"), "must be from 32 to 1024"), (("--seeds", "0-99999"), "from 1 to 50000")],
)  # fmt: skip
def test_the_sampler_ends_with_one_message(tmp_path: Path, arguments: tuple[str, str], message: str) -> None:
    given = {"--seeds": "0-9", "--generator": "linear", "--image-size": "32"}
    given |= {"--pictures": str(tmp_path / "a"), "--latents": str(tmp_path / "b")} | dict([arguments])
    with pytest.raises(SystemExit, match=f"error: .*{message}"):
        sample.main([part for pair in given.items() for part in pair])


def test_the_classifier_ends_with_one_message(copied: Path) -> None:
    with pytest.raises(SystemExit, match="error: attributes: 'smil' is not known; did you mean 'smile'"):
        scored(copied, '["smil"]')
