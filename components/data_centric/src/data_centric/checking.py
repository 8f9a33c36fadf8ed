"""What makes a data version unfit to learn from or to measure with: all that is wrong, with the images' names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError
from PIL import Image

from data_centric import dataset, duplicates
from data_centric.dataset import PARTS, Row
from data_centric.numerals import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MOST_IMAGES = 10_000  # to learn from and to choose by, together
SIDES = (32, 1024)  # pixels of width and height
_NAMED = 12  # images in a message, at the most


@dataclass(frozen=True)
class Checked:
    """What a check of a good version found: counts, and images with an issue that does not stop the run."""

    rows: list[Row]
    issues: dict[str, list[str]]


def check(folder: Path, least_per_class: int) -> Checked:
    """All checks; StepError with every problem at once.

    `least_per_class` are the training images a class that there must be; a quarter of that in the other parts.
    """
    rows = dataset.read(folder)
    problems = [*_table(rows), *_cap(rows), *_balance(rows, least_per_class)]
    good, broken = _decodable(folder, rows)
    problems += broken
    exact, near, issues = (
        duplicates.survey(folder / dataset.IMAGES, [row.image for row in good]) if good else ([], [], {})
    )
    by_image = {row.image: row for row in good}
    problems += _twice("exact duplicates", exact, by_image) + _twice("near duplicates", near, by_image)
    problems += _shared_hands(rows)
    if problems:
        raise StepError("the data version cannot be used:\n  " + "\n  ".join(problems))
    return Checked(rows, issues)


def named(images: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    found = sorted(images)
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(found[:_NAMED]) + more


def _table(rows: Sequence[Row]) -> list[str]:
    problems = []
    for what, allowed in (("part", PARTS), ("label", CLASSES)):
        if wrong := [f"{row.image} ({value})" for row in rows if (value := getattr(row, what)) not in allowed]:
            problems.append(
                f"{len(wrong)} image(s) have an unknown {what}: {named(wrong)}; allowed: {', '.join(allowed)}"
            )
    if repeated := [image for image, count in Counter(row.image for row in rows).items() if count > 1]:
        problems.append(f"{len(repeated)} image(s) stand in more than one row of {dataset.LABELS}: {named(repeated)}")
    if outside := [row.image for row in rows if "/" in row.image or row.image.startswith(".")]:
        problems.append(f"{len(outside)} name(s) are not of a file of {dataset.IMAGES}/: {named(outside)}")
    return problems


def _cap(rows: Sequence[Row]) -> list[str]:
    count = sum(row.part in ("train", "validation") for row in rows)
    if count <= MOST_IMAGES:
        return []
    return [
        f"{count} training and validation images are more than the {MOST_IMAGES} allowed: "
        f"take out {count - MOST_IMAGES}"
    ]


def _balance(rows: Sequence[Row], least: int) -> list[str]:
    problems = []
    for part in PARTS:
        needed = least if part == "train" else -(-least // 4)
        counts = Counter(row.label for row in dataset.of_part(rows, part))
        few = [f"{label} ({counts[label]})" for label in CLASSES if counts[label] < needed]
        if few:
            problems.append(
                f"{part}: fewer than {needed} images of {', '.join(few)}: add some, or lower least_per_class"
            )
    return problems


def _decodable(folder: Path, rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The rows whose image is good, and what is wrong with the others."""
    good, wrong = [], {"not found": [], "not decodable": [], "of a wrong size": [], "of one single brightness": []}
    for row in {row.image: row for row in rows}.values():
        fault = _fault(dataset.path(folder, row.image))
        if fault:
            wrong[fault].append(row.image)
        else:
            good.append(row)
    hints = {
        "not decodable": "truncated, or no image",
        "of a wrong size": f"sides must be {SIDES[0]} to {SIDES[1]} pixels",
    }
    return good, [
        f"{len(images)} image(s) are {fault}{f' ({hints[fault]})' if fault in hints else ''}: {named(images)}"
        for fault, images in wrong.items()
        if images
    ]


def _fault(file: Path) -> str:
    if not file.is_file():
        return "not found"
    try:
        pixels = dataset.pixels(file)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # Pillow raises any of these
        return "not decodable"
    if not all(SIDES[0] <= side <= SIDES[1] for side in pixels.shape):
        return "of a wrong size"
    return "of one single brightness" if np.ptp(pixels) == 0 else ""


def _twice(what: str, sets: Sequence[Sequence[str]], rows: dict[str, Row]) -> list[str]:
    """Duplicates within a part, and leaks between parts, a line each kind."""
    within, leaks = [], []
    for group in sets:
        parts = {rows[image].part for image in group}
        text = " = ".join(f"{rows[image].part}/{image}" for image in group)
        (leaks if len(parts) > 1 else within).append(text)
    problems = []
    if leaks:
        problems.append(f"leak between parts, {len(leaks)} set(s) of {what}: {named(leaks)}; keep each in one part")
    if within:
        problems.append(f"{len(within)} set(s) of {what}: {named(within)}; keep one of each")
    return problems


def _shared_hands(rows: Sequence[Row]) -> list[str]:
    """Who wrote in two parts: a network that knows a hand is not measured on what it will meet."""
    parts: dict[str, set[str]] = {}
    for row in rows:
        parts.setdefault(row.hand, set()).add(row.part)
    shared = [f"{hand} ({', '.join(sorted(found))})" for hand, found in parts.items() if len(found) > 1]
    return [f"leak between parts, {len(shared)} hand(s) wrote in more than one: {named(shared)}"] if shared else []
