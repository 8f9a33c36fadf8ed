"""The fixture: a DVC repository of Roman numerals with two versions, made from seeds and the same on every machine.

v1   450 training, 150 validation, 300 test images; three in ten of the first two parts are mislabelled
v2   the same with right labels, and ten more training images of each class

The parts are written by different hands, and the test part is the same in both.

    python -m data_centric.fixture FOLDER [--remote FOLDER or s3://bucket/prefix]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from graft_steps import say
from graft_steps.checks import StepError, one_of
from PIL import Image

from data_centric import dataset, numerals, versions
from data_centric.dataset import Row
from data_centric.errors import Error
from data_centric.numerals import CLASSES

VERSIONS = ("v1", "v2")
HANDS = {"train": range(20), "validation": range(20, 26), "test": range(26, 40)}
PER_CLASS = {"train": 45, "validation": 15, "test": 30}
MORE = 10  # training images a class that v2 has more
MISLABELLED = 0.3
FIRST_SEED = {"train": 0, "validation": 100_000, "test": 200_000, "more": 300_000}
ALIKE = {304, 574}  # seeds whose drawings are near duplicates of others: another stands in for each
INSTEAD = 50_000  # what is added to such a seed


@dataclass(frozen=True)
class Drawing:
    """One image of the fixture with the truth about it."""

    image: str
    part: str
    truth: str
    hand: int
    seed: int
    written: str  # the label in v1


def drawings(version: str) -> list[Drawing]:
    """All images of a version."""
    one_of("data_version", version, VERSIONS)
    found = [each for part in dataset.PARTS for each in _drawn(part, part, PER_CLASS[part])]
    return found + (_drawn("train", "more", MORE) if version == "v2" else [])


def write(version: str, folder: Path) -> None:
    """Write the files of a version; images that are there already stay."""
    (folder / dataset.IMAGES).mkdir(parents=True, exist_ok=True)
    rows = []
    for each in drawings(version):
        if not (file := dataset.path(folder, each.image)).exists():
            Image.fromarray(numerals.write(each.truth, numerals.hand(each.hand), each.seed)).save(file)
        label = each.written if version == "v1" else each.truth
        rows.append(Row(each.image, each.part, label, f"hand-{each.hand:02}"))
    dataset.write(rows, folder)


def make(repository: Path, remote: str | None = None) -> None:
    """Make the repository, with its files at `remote`; without one they are in a folder beside it."""
    versions.create(repository, remote or str(repository.absolute().with_name(f"{repository.name}-remote")))
    with tempfile.TemporaryDirectory() as scratch:
        for version in VERSIONS:
            write(version, Path(scratch) / "data")
            versions.publish(repository, Path(scratch) / "data", version)


def reviewed(found: Sequence[Error]) -> list[Error]:
    """An error report of v1 as somebody would fill it who knows what was meant: the truth in place of eyes."""
    known = {each.image: each for each in drawings("v1")}
    return [replace(error, **_reviewed(error, known[error.image])) for error in found]


def _reviewed(error: Error, drawing: Drawing) -> dict[str, str]:
    if error.label != drawing.truth:
        return {"category": "mislabelled", "right_label": drawing.truth}
    hand = numerals.hand(drawing.hand)
    return {"category": "noise" if hand.noise > 12 else "blur" if hand.blur > 0.9 else "shape"}


def _drawn(part: str, kind: str, per_class: int) -> list[Drawing]:
    rng = np.random.default_rng([FIRST_SEED[kind], 3])
    found, hands = [], HANDS[part]
    for number in range(per_class * len(CLASSES)):
        truth = CLASSES[number % len(CLASSES)]
        wrong = CLASSES[(number + int(rng.integers(1, len(CLASSES)))) % len(CLASSES)]
        mislabelled = part != "test" and kind != "more" and rng.random() < MISLABELLED
        seed = FIRST_SEED[kind] + number
        seed += INSTEAD if seed in ALIKE else 0
        hand = hands[(number // len(CLASSES) + number) % len(hands)]
        found.append(Drawing(f"{seed:06}.png", part, truth, hand, seed, wrong if mislabelled else truth))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the repository in a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m data_centric.fixture", description="Make the fixture's repository."
    )
    parser.add_argument("repository", type=Path, help="a folder that is still to be made")
    parser.add_argument("--remote", help="where DVC puts the files: a folder, or s3://bucket/prefix")
    options = parser.parse_args(arguments)
    try:
        make(options.repository, options.remote)
    except StepError as problem:
        sys.exit(f"error: {problem}")
    say(f"{options.repository}: versions {' and '.join(VERSIONS)}; fetch them by --set data={options.repository}")


if __name__ == "__main__":
    main()
