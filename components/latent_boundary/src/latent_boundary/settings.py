"""The parameters as checked values: what a person chose, in the types that the code works with."""

from __future__ import annotations

import re
from typing import Any

from graft_steps.checks import StepError, integer, positive

FEWEST_IMAGES, MOST_IMAGES = 100, 50_000
MOST_SHARDS = 32  # what a cluster with Argo gathers of a list whose length only the run knows
SMALLEST, LARGEST = 32, 1024  # pixels
MOST_SEED = 1_000_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def images(value: Any) -> int:
    """Check how many pictures are sampled."""
    return integer("images", value, FEWEST_IMAGES, MOST_IMAGES)


def image_size(value: Any) -> int:
    """Check the width and height of a picture."""
    return integer("image_size", value, SMALLEST, LARGEST)


def shards(value: Any) -> int:
    """Check how many parts the sampling has."""
    return integer("shards", value, 1, MOST_SHARDS)


def seed(value: Any) -> int:
    """Check the run's seed."""
    return integer("seed", value, 0, MOST_SEED)


def attributes(value: Any) -> tuple[str, ...]:
    """Check the list of attributes: names, at least one, none of them twice."""
    if not isinstance(value, list) or not value:
        raise StepError(f"attributes: {value!r} is not a list of at least one name, as in [smile, glasses]")
    if wrong := [name for name in value if not isinstance(name, str) or not _NAME.fullmatch(name)]:
        raise StepError(f"attributes: {wrong[0]!r} is not a name of letters, digits, _ and -, as in smile")
    if twice := sorted({name for name in value if value.count(name) > 1}):
        raise StepError(f"attributes: {', '.join(twice)}: named twice; name each once")
    return tuple(value)


def chosen(value: Any, valid: int) -> int:
    """How many pictures of the highest scores, and as many of the lowest, are chosen of `valid` ones.

    Below 1 the value is a ratio of all, from 1 on it is the number; at most half of all can be chosen on a side.
    """
    wanted = positive("chosen", value)
    if wanted >= 1 and wanted % 1:
        raise StepError(f"chosen: {value!r} is neither a ratio below 1 nor a whole number")
    number = int(wanted) if wanted >= 1 else int(valid * wanted)
    if number > valid // 2:
        raise StepError(f"chosen: {value!r} is more than half of the {valid} valid scores; set at most {valid // 2}")
    return number


def split_ratio(value: Any) -> float:
    """Check the share of the chosen pictures that is trained on."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise StepError(f"split_ratio: {value!r} must be a number above 0 and below 1")
    return float(value)
