"""Each fault that is planted into a good version stops it at the check, which names the images."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_centric import checking, dataset
from data_centric.dataset import Row
from graft_steps.checks import StepError
from PIL import Image


def added(folder: Path, like: Row, pixels: np.ndarray, **changed: str) -> str:
    """Put an image into a version, as another row like one that is there."""
    name = "planted.png"
    Image.fromarray(pixels.astype(np.uint8)).save(dataset.path(folder, name))
    dataset.write([*dataset.read(folder), replace(like, image=name, **changed)], folder)
    return name


def first(folder: Path, part: str, label: str = "vi") -> Row:
    return next(row for row in sorted(dataset.read(folder)) if (row.part, row.label) == (part, label))


def pixels(folder: Path, row: Row) -> np.ndarray:
    return dataset.pixels(dataset.path(folder, row.image)).astype(float)


def reencoded(image: np.ndarray) -> np.ndarray:
    encoded = io.BytesIO()
    Image.fromarray(image.astype(np.uint8)).save(encoded, "JPEG", quality=60)
    return np.asarray(Image.open(encoded), float)


NEARLY = {
    "lighter": lambda image: np.clip(image + 10, 0, 255),
    "encoded again": reencoded,
    "noisier": lambda image: np.clip(image + np.random.default_rng(1).normal(0, 6, image.shape), 0, 255),
    "moved": lambda image: np.roll(image, 1, axis=1),
    "of less contrast": lambda image: image * 0.8 + 20,
}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_both_versions_of_the_fixture_are_fit(fixtures: dict[str, Path], version: str) -> None:
    found = checking.check(fixtures[version], 20)
    assert len(found.rows) == {"v1": 900, "v2": 1000}[version]


@pytest.mark.parametrize("label", ["vi", "x"])
def test_a_training_image_in_the_test_is_a_leak_and_named_whatever_its_label(copy: Path, label: str) -> None:
    folder = copy
    leaked, test = first(folder, "train"), first(folder, "test")
    name = added(folder, test, pixels(folder, leaked), label=label)
    with pytest.raises(StepError, match="leak between parts, 1 set") as refused:
        checking.check(folder, 12)
    assert f"train/{leaked.image} = test/{name}" in str(refused.value)


@pytest.mark.parametrize("how", NEARLY)
def test_a_near_copy_of_a_training_image_in_the_test_is_a_leak(copy: Path, how: str) -> None:
    folder = copy
    leaked = first(folder, "train")
    name = added(folder, first(folder, "test"), NEARLY[how](pixels(folder, leaked)))
    with pytest.raises(StepError, match=f"set.s. of near duplicates: train/{leaked.image} = test/{name}; keep each"):
        checking.check(folder, 12)


def test_duplicates_within_a_part_are_named(copy: Path) -> None:
    folder = copy
    one = first(folder, "train")
    added(folder, one, pixels(folder, one))
    with pytest.raises(
        StepError, match=f"1 set.s. of exact duplicates: train/{one.image} = train/planted.png; keep one"
    ):
        checking.check(folder, 12)
    added(folder, one, NEARLY["noisier"](pixels(folder, one)))
    dataset.write({row.image: row for row in dataset.read(folder)}.values(), folder)  # its row once
    with pytest.raises(
        StepError, match=f"1 set.s. of near duplicates: train/{one.image} = train/planted.png; keep one"
    ):
        checking.check(folder, 12)


def test_a_class_with_too_few_images_is_named_with_what_to_do(copy: Path) -> None:
    folder = copy
    with pytest.raises(StepError, match=r"train: fewer than 13 images of i \(12\), ii \(12\).*lower least_per_class"):
        checking.check(folder, 13)
    rows = [row for row in dataset.read(folder) if (row.part, row.label) != ("validation", "iv")]
    dataset.write(rows, folder)
    with pytest.raises(StepError, match=r"validation: fewer than 3 images of iv \(0\)"):
        checking.check(folder, 12)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"1 image\(s\) are not decodable \(truncated, or no image\): NAME"),
        (b"no image", r"not decodable .*: NAME"),
        (None, r"1 image\(s\) are not found: NAME"),
    ],
)
def test_files_that_are_no_images_are_named(copy: Path, content: bytes | None, message: str) -> None:
    folder = copy
    file = dataset.path(folder, first(folder, "train").image)
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(StepError, match=message.replace("NAME", file.name)):
        checking.check(folder, 12)


def test_a_truncated_image_is_not_decodable(copy: Path) -> None:
    folder = copy
    file = dataset.path(folder, first(folder, "train").image)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(StepError, match=f"not decodable .*: {file.name}"):
        checking.check(folder, 12)


@pytest.mark.parametrize(
    ("shape", "value", "message"),
    [
        ((64, 64), 120, "of one single brightness: planted.png"),
        ((8, 64), None, "of a wrong size .32 to|of a wrong size"),
    ],
)
def test_images_of_one_value_or_a_wrong_size_are_named(
    copy: Path, shape: tuple[int, int], value: int | None, message: str
) -> None:
    folder = copy
    content = np.full(shape, value) if value else np.random.default_rng(0).integers(0, 255, shape)
    added(folder, first(folder, "train"), content)
    with pytest.raises(StepError, match=message):
        checking.check(folder, 12)


def test_more_than_the_cap_are_refused_with_their_number(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy
    rows, one = dataset.read(folder), first(folder, "train")
    more = [replace(one, image=f"more-{number:05}.png") for number in range(checking.MOST_IMAGES)]
    dataset.write([*rows, *more], folder)
    with pytest.raises(
        StepError, match="10160 training and validation images are more than the 10000 allowed: take out 160"
    ):
        checking.check(folder, 12)


def test_the_cap_itself_is_allowed() -> None:
    rows = [Row(f"{number}.png", "train", "i", "h") for number in range(10_000)]
    test = [Row(f"t{number}.png", "test", "i", "h") for number in range(500)]
    assert checking._cap([*rows, *test]) == []
    assert "take out 1" in checking._cap([*rows, Row("one-more.png", "validation", "i", "h")])[0]


def test_unknown_labels_rows_twice_and_hands_in_two_parts_are_all_said_at_once(copy: Path) -> None:
    folder = copy
    rows = dataset.read(folder)
    train, test = first(folder, "train"), first(folder, "test")
    changed = [replace(row, label="xi") if row == train else row for row in rows]
    dataset.write([*changed, replace(test, hand=train.hand, image="../outside.png"), rows[5]], folder)
    with pytest.raises(StepError) as refused:
        checking.check(folder, 12)
    said = str(refused.value)
    assert f"unknown label: {train.image} (xi); allowed: i, ii" in said
    assert re.search(rf"more than one row of labels.csv: {rows[5].image}", said)
    assert "not of a file of images/: ../outside.png" in said
    assert f"1 hand(s) wrote in more than one: {train.hand} (test, train)" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "labels.csv: not found"),
        ("", "labels.csv:1: the columns must be image, part, label, hand"),
        ("image,part,label,hand\n", "has no row"),
        ("image,part,label,hand\na.png,train,i\n", "labels.csv:2: a cell is missing or empty: the file is truncated"),
        ("image,part,label,hand\na.png,train,,h\n", "labels.csv:2"),
    ],
)
def test_a_table_that_is_empty_or_truncated_is_refused(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(StepError, match=message):
        checking.check(tmp_path, 20)


def test_issues_that_do_not_stop_a_run_are_reported(copy: Path) -> None:
    folder = copy
    added(folder, first(folder, "train"), np.clip(pixels(folder, first(folder, "train", "x")) * 0.02, 0, 255))
    rows = [row for row in dataset.read(folder) if row != first(folder, "train", "x")]
    dataset.write(rows, folder)
    assert "planted.png" in checking.check(folder, 11).issues["dark"]
