"""One version of the data as files: what DVC keeps, what people edit, and what every step reads.

labels.csv        image,part,label,hand: a row an image; part is train, validation or test, hand is who wrote it
images/<image>    a file Pillow can decode
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LABELS, IMAGES = "labels.csv", "images"
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, order=True)
class Row:
    """An image with what is said of it."""

    image: str
    part: str
    label: str
    hand: str


COLUMNS = tuple(field.name for field in fields(Row))


def read(folder: Path) -> list[Row]:
    """The rows of a version; StepError where the table is missing, empty or truncated."""
    table = folder / LABELS
    if not table.is_file():
        raise StepError(f"{LABELS}: not found; the data version needs one with the columns {', '.join(COLUMNS)}")
    with table.open(newline="", encoding="utf-8") as file:
        found = list(csv.reader(file))
    if not found or tuple(found[0]) != COLUMNS:
        raise StepError(f"{LABELS}:1: the columns must be {', '.join(COLUMNS)}, in this order")
    for number, cells in enumerate(found[1:], 2):
        if len(cells) != len(COLUMNS) or not all(cells):
            raise StepError(f"{LABELS}:{number}: a cell is missing or empty: the file is truncated, or edited wrongly")
    if len(found) == 1:
        raise StepError(f"{LABELS}: has no row below its header")
    return [Row(*cells) for cells in found[1:]]


def write(rows: Iterable[Row], folder: Path) -> None:
    """Write the table, in the order of the images, so that Git shows what has changed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LABELS).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *map(astuple, sorted(rows))])


def of_part(rows: Iterable[Row], part: str) -> list[Row]:
    """The rows of a part."""
    return [row for row in rows if row.part == part]


def path(folder: Path, image: str) -> Path:
    """Where an image is."""
    return folder / IMAGES / image


def pixels(file: Path) -> np.ndarray:
    """An image in grey, uint8 [height, width]."""
    with Image.open(file) as image:
        return np.asarray(image.convert("L"))


def fingerprints(folder: Path, rows: Sequence[Row]) -> dict[str, str]:
    """A hash of the content of each image's file."""
    return {row.image: hashlib.sha256(path(folder, row.image).read_bytes()).hexdigest() for row in rows}


def digest(rows: Iterable[Row], prints: dict[str, str]) -> str:
    """A hash of all that a run can see of these rows: the same digest is the same images with the same labels."""
    lines = (f"{','.join(astuple(row))},{prints[row.image]}\n" for row in sorted(rows))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
