"""Items: stored and read back, told apart by what is in them, refused where they cannot be right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from transfer_learning import items
from transfer_learning.items import Items, find_leakage, find_problems, raise_problems


def made(sizes: tuple[int, ...] = (4, 5, 4), seed: int = 0) -> Items:
    rng = np.random.default_rng(seed)
    images = tuple(rng.integers(0, 255, (size, size, 3), dtype=np.uint8) for size in sizes)
    return Items(images, np.arange(len(sizes)) % 2, tuple(f"r{i}" for i in range(len(sizes))), ("cat", "dog"))


def test_images_of_different_sizes_come_back_as_they_were(tmp_path: Path) -> None:
    stored = made()
    stored.save(tmp_path / "items.npz")
    read = items.load(tmp_path / "items.npz")
    assert [image.shape for image in read.images] == [(4, 4, 3), (5, 5, 3), (4, 4, 3)]
    assert (read.digest(), read.fingerprints()) == (stored.digest(), stored.fingerprints())


@pytest.mark.parametrize(
    "changed",
    [
        replace(made(), labels=np.array([1, 1, 0])),
        replace(made(), recordings=("r0", "r1", "other")),
        replace(made(), classes=("cat", "wolf")),
        made(seed=1),
        made().take([1, 0, 2]),
    ],
)
def test_the_digest_sees_every_change(changed: Items) -> None:
    assert changed.digest() != made().digest()


def test_the_same_image_has_the_same_fingerprint_anywhere() -> None:
    assert made().take([2]).fingerprints() == [made().fingerprints()[2]]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (made(()), "no items"),
        (made().take([0, 2]), "class 'dog' has no items"),
        (replace(made(), classes=("cat", "cat")), "two classes have the same name"),
        (replace(made((4,)), classes=("cat",)), "one class only"),
        (
            replace(made(), images=(np.full((2, 2, 1), np.nan), *made().images[1:])),
            "1 image(s) hold values that",
        ),
        (replace(made(), images=(np.zeros((2, 2, 1)), *made().images[1:])), "1 image(s) are of one single value"),
    ],
)
def test_implausible_items_are_named(broken: Items, message: str) -> None:
    assert any(message in problem for problem in find_problems("source", broken))


def test_good_items_are_not_implausible() -> None:
    assert find_problems("source", made()) == []


def test_a_recording_on_both_sides_of_a_split_is_found() -> None:
    other = replace(made(seed=1), recordings=("r2", "x", "y"))
    assert find_leakage([("train", made()), ("test", other)]) == ["train and test share 1 recording(s), such as 'r2'"]


def test_an_image_on_both_sides_of_a_split_is_found_under_any_name() -> None:
    copied = replace(made().take([1]), recordings=("renamed",))
    assert find_leakage([("train", made()), ("test", copied)]) == [
        "train and test share 1 identical image(s); keep copies in one recording"
    ]


def test_all_problems_are_refused_at_once() -> None:
    raise_problems([])
    with pytest.raises(StepError, match=r"(?s)one.*two"):
        raise_problems(["one", "two"])
