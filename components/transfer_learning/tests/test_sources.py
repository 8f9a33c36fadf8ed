"""The three kinds of data, each as it really is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from PIL import Image
from transfer_learning import sources


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """Two source and two target classes, 20 recordings each in two slices of different sizes."""
    rng = np.random.default_rng(0)
    for folder in ("source/cat", "source/dog", "target/cow", "target/pig"):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(20):
            for part, size in (("a", 9), ("b", 12)):
                pixels = rng.integers(0, 255, (size, size, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(tmp_path / folder / f"film{number}__{part}.png")
    return tmp_path


def test_speakers_are_the_same_for_a_seed_and_others_for_another() -> None:
    first, again, other = (sources.fetch("speakers", seed, 1, 3).facts() for seed in (7, 7, 8))
    assert first == again
    assert first["digest"] != other["digest"]
    assert (first["source_items"], first["train_items"], first["test_items"]) == (1800, 18, 360)


def test_the_speakers_of_the_target_are_new_in_every_draw() -> None:
    data = sources.fetch("speakers", 7, 2, 1)
    heard = [set(data.source.classes), *(set(draw.test.classes) for draw in data.draws)]
    assert sum(map(len, heard)) == len(set.union(*heard))


def test_more_examples_leave_the_test_items_of_the_speakers_as_they_are() -> None:
    few, more = (sources.fetch("speakers", 7, 1, examples).facts() for examples in (2, 3))
    assert few["test_digest"] == more["test_digest"]
    assert few["digest"] != more["digest"]


def test_digits_are_split_by_class_and_admit_that_writers_are_unknown() -> None:
    data = sources.fetch("digits", 7, 2, 3)
    assert (data.source.classes, data.draws[0].test.classes) == (tuple("01234"), tuple("56789"))
    assert sorted(set(data.draws[0].test.labels.tolist())) == [0, 1, 2, 3, 4]
    assert "writer" in data.note


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_folder_is_read_by_path_and_by_file_uri(image_folder: Path, scheme: str) -> None:
    data = sources.fetch(f"{scheme}{image_folder}", 7, 1, 2)
    assert (data.source.classes, data.draws[0].test.classes) == (("cat", "dog"), ("cow", "pig"))
    assert len(data.draws[0].train) == 2 * 2 * 2
    assert "cow/film3" in {name for _, part in data.draws[0].parts() for name in part.recordings}


def test_a_folder_without_source_and_target_says_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(StepError, match=r"has no folder target; it needs source/<class>/.* and target/<class>/"):
        sources.fetch(str(tmp_path), 7, 1, 3)


def test_a_file_that_is_not_an_image_is_named(image_folder: Path) -> None:
    (image_folder / "target/cow/broken.png").write_text("no image")
    with pytest.raises(StepError, match=r"target/cow/broken\.png: cannot be decoded"):
        sources.fetch(str(image_folder), 7, 1, 2)


def test_a_copy_of_a_test_image_under_another_name_is_refused(image_folder: Path) -> None:
    for number in range(20):
        (image_folder / f"source/cat/copy{number}.png").write_bytes(
            (image_folder / f"target/cow/film{number}__a.png").read_bytes()
        )
    with pytest.raises(StepError, match="identical image"):
        sources.fetch(str(image_folder), 7, 1, 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("s3:/bucket/images", "cannot be fetched"),
        ("/nowhere/at/all", "/nowhere/at/all does not exist"),
        ("speaker", "did you mean 'speakers'"),
    ],
)
def test_data_that_cannot_be_read_is_refused(data: str, message: str) -> None:
    with pytest.raises(StepError, match=message):
        sources.fetch(data, 7, 1, 3)
