"""Splits of a fixed pool of items into draws that share nothing, by recording and never by slice of one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

from transfer_learning.dataset import PARTS, Draw

if TYPE_CHECKING:
    from transfer_learning.items import Items

MOST_TESTS, MOST_VALIDATIONS = 60, 10


def pool_draws(pool: Items, draws: int, examples_per_class: int, rng: np.random.Generator) -> tuple[Draw, ...]:
    """Deal the recordings of every class out to `draws` disjoint draws, and within each to test, validation, train.

    The test part is dealt first, so that it stays the same when `examples_per_class` changes.
    """
    by_class: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for position, (label, recording) in enumerate(zip(pool.labels.tolist(), pool.recordings, strict=True)):
        by_class[label][recording].append(position)
    dealt: list[dict[str, list[int]]] = [{part: [] for part in PARTS} for _ in range(draws)]
    for label in range(len(pool.classes)):
        recordings = by_class[label]
        names = [sorted(recordings)[i] for i in rng.permutation(len(recordings))]
        for draw in range(draws):
            for part, chosen in _deal(names[draw::draws], examples_per_class, pool.classes[label]).items():
                dealt[draw][part] += [position for name in chosen for position in recordings[name]]
    return tuple(Draw(*(pool.take(parts[part]) for part in PARTS)) for parts in dealt)


def _deal(names: list[str], examples: int, label: str) -> dict[str, list[str]]:
    tests = min(MOST_TESTS, len(names) * 7 // 10)
    validations = min(MOST_VALIDATIONS, len(names) * 15 // 100)
    rest = names[tests + validations :]
    if not tests or not validations or len(rest) < examples:
        raise StepError(
            f"class {label!r} has {len(names)} recording(s) a draw: {tests} to test, {validations} to validate and "
            f"{len(rest)} left, but examples_per_class={examples}. Set fewer draws or fewer examples_per_class."
        )
    return {"test": names[:tests], "validation": names[tests : tests + validations], "train": rest[:examples]}
