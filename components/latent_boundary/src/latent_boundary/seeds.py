"""Seeds of pictures: every picture has a number of its own, and a shard is a range of them.

A picture is decided by its seed alone, so how many shards there are changes nothing. Runs of different seeds share no
picture, since each has a block of numbers to itself.
"""

from __future__ import annotations

import re
from itertools import pairwise

from graft_steps.checks import StepError

from latent_boundary.settings import MOST_IMAGES

_RANGE = re.compile(r"(\d+)-(\d+)")


def of_run(seed: int, images: int) -> range:
    """The seeds of all pictures of a run."""
    return range(seed * MOST_IMAGES, seed * MOST_IMAGES + images)


def shards(seeds: range, count: int) -> list[str]:
    """Cut a range into `count` disjoint ones that differ by one picture at most, written as `first-last`."""
    if count > len(seeds):
        raise StepError(f"shards: {count} shards cannot share {len(seeds)} images; set at most {len(seeds)}")
    ends = [seeds.start + len(seeds) * part // count for part in range(count + 1)]
    return [f"{first}-{after - 1}" for first, after in pairwise(ends)]


def parsed(text: str) -> range:
    """The range that `first-last` stands for, both included."""
    match = _RANGE.fullmatch(text)
    if not match or int(match[2]) < int(match[1]):
        raise StepError(f"seeds: {text!r} is not a range, as in 350000-350999")
    return range(int(match[1]), int(match[2]) + 1)
