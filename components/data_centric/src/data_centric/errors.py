"""The error report: images that the network names otherwise than their labels do, with a column for a person to fill.

It holds images to learn from and to choose by, never those of the test: the next version of the data is made of it, and
is measured on the test. What a person writes: `category`, and for what is mislabelled `right_label`, where that is not
the network's answer.
"""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from graft_steps.checks import StepError, one_of

from data_centric.dataset import PARTS
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "errors.csv"
CATEGORIES = ("noise", "blur", "mislabelled", "shape")
SUSPECT = 0.5  # the probability of another class from which a label itself is suspected


@dataclass(frozen=True)
class Error:
    """An image that was answered otherwise; `score` is the network's probability of its answer."""

    image: str
    part: str
    label: str
    answer: str
    score: float
    category: str = ""
    right_label: str = ""

    @property
    def is_suspect(self) -> bool:
        """Whether its label is suspected."""
        return self.score >= SUSPECT

    @property
    def corrected(self) -> str:
        """The label that it should have, of what is mislabelled."""
        return self.right_label or self.answer


COLUMNS = tuple(field.name for field in fields(Error))


def write(found: Iterable[Error], file: Path) -> None:
    """Write the report, the surest answers first."""
    rows = sorted(found, key=lambda error: (-error.score, error.image))
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*astuple(row)[:4], f"{row.score:.4f}", *astuple(row)[5:]) for row in rows)


def read(file: Path) -> list[Error]:
    """A report, filled or not; StepError names the line of what cannot be."""
    if not file.is_file():
        raise StepError(f"{file}: not found; it is {FILE} in the evaluation of a run")
    with file.open(newline="", encoding="utf-8-sig") as opened:  # spreadsheets put a mark before the first column
        rows = list(csv.reader(opened))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise StepError(f"{file}:1: the columns must be {', '.join(COLUMNS)}, in this order")
    return [_error(f"{file}:{number}", cells) for number, cells in enumerate(rows[1:], 2) if any(cells)]


def _error(place: str, cells: list[str]) -> Error:
    if len(cells) != len(COLUMNS):
        raise StepError(f"{place}: {len(cells)} cells, but {len(COLUMNS)} columns")
    image, part, label, answer, score, category, right = (cell.strip() for cell in cells)
    one_of(f"{place}: part", part, PARTS)
    for what, value in (("label", label), ("answer", answer), *([("right_label", right)] if right else [])):
        one_of(f"{place}: {what}", value, CLASSES)
    if category:
        one_of(f"{place}: category", category, CATEGORIES)
    try:
        return Error(image, part, label, answer, float(score), category, right)
    except ValueError as problem:
        raise StepError(f"{place}: score: {score!r} is not a number") from problem
