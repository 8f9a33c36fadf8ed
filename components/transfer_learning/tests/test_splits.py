"""Splits of a fixed pool: by recording, disjoint, and with tests that stay what they are."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from hypothesis import given, settings
from hypothesis import strategies as st
from transfer_learning.items import Items
from transfer_learning.splits import pool_draws


def pool(recordings: int, slices: int = 2) -> Items:
    """Two classes of `recordings` recordings, each cut into `slices` slices."""
    names = [f"{label}-{number}" for label in "ab" for number in range(recordings) for _ in range(slices)]
    images = tuple(np.full((1, 1, 1), i, np.float32) for i in range(len(names)))
    return Items(images, np.repeat([0, 1], recordings * slices), tuple(names), ("a", "b"))


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 60), st.integers(1, 3), st.integers(1, 2), st.integers(0, 99))
def test_no_recording_is_in_two_parts_and_every_class_is_in_each(
    recordings: int, slices: int, draws: int, seed: int
) -> None:
    made = pool_draws(pool(recordings, slices), draws, 1, np.random.default_rng(seed))
    parts = [set(part.recordings) for draw in made for _, part in draw.parts()]
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert all(set(part.labels.tolist()) == {0, 1} for draw in made for _, part in draw.parts())


def test_slices_of_a_recording_stay_together() -> None:
    (draw,) = pool_draws(pool(20, slices=3), 1, 2, np.random.default_rng(0))
    assert len(draw.train) == 2 * 2 * 3
    assert len(set(draw.train.recordings)) == 4


def test_the_test_part_does_not_depend_on_how_much_is_trained_on() -> None:
    few, more = (pool_draws(pool(40), 2, examples, np.random.default_rng(7)) for examples in (1, 3))
    assert [draw.test.digest() for draw in few] == [draw.test.digest() for draw in more]
    assert [draw.train.digest() for draw in few] != [draw.train.digest() for draw in more]


def test_too_few_recordings_are_refused_with_what_to_set() -> None:
    with pytest.raises(StepError, match=r"class 'a' has 5 recording\(s\) a draw.*Set fewer draws or fewer"):
        pool_draws(pool(20), 4, 3, np.random.default_rng(0))
