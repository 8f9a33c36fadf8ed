"""The next version of the data, made from a filled error report: relabel what is mislabelled, augment what is too rare.

mislabelled           the label becomes `right_label`, or where that is empty the network's answer
noise, blur, shape    training images like it are added, noisier, blurred, or of another shape: made of itself where it
                      is one to learn from, and otherwise of another training image of the same class

    python -m data_centric.next_version REPOSITORY --from v1 --report errors.csv --tag v2
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
from graft_steps.checks import StepError
from PIL import Image, ImageFilter

from data_centric import dataset, duplicates, errors, versions
from data_centric.dataset import Row
from data_centric.errors import Error

COPIES = 2  # of an image for each row of the report


@dataclass(frozen=True)
class Changes:
    """What was done."""

    relabelled: int
    added: int
    left: int

    def __str__(self) -> str:
        return f"{self.relabelled} images relabelled, {self.added} added, {self.left} rows without a category left"


def make(repository: Path, before: str, report: Path, tag: str, seed: int = 123) -> Changes:
    """Publish the version `tag`: `before`, changed as the report says; the same report makes the same version."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        versions.fetch(str(repository), before, folder)
        changes = apply(folder, errors.read(report), seed)
        versions.publish(repository, folder, tag)
    return changes


def apply(folder: Path, found: Sequence[Error], seed: int) -> Changes:
    """Change the files of a version as filled rows of a report say."""
    rows = {row.image: row for row in dataset.read(folder)}
    _require_fit(rows, found)
    filled = [error for error in found if error.category]
    if not filled:
        raise StepError("no row of the report has a category: fill in noise, blur, mislabelled or shape")
    for error in filled:
        if error.category == "mislabelled":
            rows[error.image] = replace(rows[error.image], label=error.corrected)
    rng, added = np.random.default_rng([53, seed]), []
    for error in filled:
        if error.category != "mislabelled":
            added += _added(folder, _source(rows, rows[error.image], rng), error.category, rng)
    added = _without_duplicates(folder, list(rows.values()), added)
    dataset.write([*rows.values(), *added], folder)
    relabelled = sum(error.category == "mislabelled" for error in filled)
    return Changes(relabelled, len(added), len(found) - len(filled))


def _require_fit(rows: dict[str, Row], found: Sequence[Error]) -> None:
    """The report must be of this version, and must leave the test as it is."""
    for error in found:
        if (row := rows.get(error.image)) is None or row.label != error.label:
            said = f"labelled {row.label}" if row else "not there"
            raise StepError(
                f"{error.image}: is {said} in this version, and {error.label} in the report: of another version?"
            )
        if row.part == "test" and error.category:
            raise StepError(
                f"{error.image}: is of the test part, which versions are compared on: leave its category empty"
            )
        if error.category == "mislabelled" and error.corrected == error.label:
            raise StepError(f"{error.image}: is called mislabelled, and its right_label is the label that it has")


def _source(rows: dict[str, Row], row: Row, rng: np.random.Generator) -> Row:
    """The training image to add others like: itself, or another of its class where it is not one to learn from."""
    if row.part == "train":
        return row
    alike = [other for other in sorted(rows.values()) if (other.part, other.label) == ("train", row.label)]
    return alike[int(rng.integers(len(alike)))]


def _added(folder: Path, source: Row, category: str, rng: np.random.Generator) -> list[Row]:
    pixels, made = dataset.pixels(dataset.path(folder, source.image)), []
    for number in range(COPIES):
        name = f"{Path(source.image).stem}-{category}-{rng.integers(16**6):06x}.png"
        Image.fromarray(_changed(pixels, category, (-1) ** number, rng)).save(dataset.path(folder, name))
        made.append(replace(source, image=name))
    return made


def _without_duplicates(folder: Path, rows: Sequence[Row], added: Sequence[Row]) -> list[Row]:
    """The added images, less those that came out like another: the check of the next run would stop at them."""
    if not added:
        return []
    new = {row.image for row in added}
    exact, near, _ = duplicates.survey(folder / dataset.IMAGES, [row.image for row in (*rows, *added)])
    for image in {image for group in (*exact, *near) for image in group if image in new}:
        dataset.path(folder, image).unlink()
        new.remove(image)
    return [row for row in added if row.image in new]


def _changed(pixels: np.ndarray, category: str, way: int, rng: np.random.Generator) -> np.ndarray:
    """Another view of an image, turned one `way` or the other and sheared, with more of what was hard about it."""
    turn, shear = np.deg2rad(way * rng.uniform(6, 15)), rng.uniform(-0.2, 0.2)
    across, down = (side / 2 for side in pixels.shape[::-1])
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = (
        cos,
        -sin + shear,
        across - cos * across + (sin - shear) * down,
        sin,
        cos,
        down - sin * across - cos * down,
    )
    image = Image.fromarray(pixels)
    paper = int(np.median(pixels))
    image = image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=paper)
    if category == "blur":
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 1.4)))
    if category != "noise":
        return np.asarray(image)
    return np.clip(np.asarray(image) + rng.normal(0, rng.uniform(12, 20), pixels.shape), 0, 255).astype(np.uint8)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a version from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m data_centric.next_version", description="Make the next data version."
    )
    parser.add_argument("repository", type=Path, help="the DVC repository")
    parser.add_argument("--from", dest="before", required=True, help="the version that the report is of")
    parser.add_argument("--report", type=Path, required=True, help="errors.csv with its category column filled")
    parser.add_argument("--tag", required=True, help="the name of the new version")
    options = parser.parse_args(arguments)
    try:
        changes = make(options.repository, options.before, options.report, options.tag)
    except StepError as problem:
        sys.exit(f"error: {problem}")
    say(f"{options.tag}: {changes}")


if __name__ == "__main__":
    main()
