"""Seeds: every picture of a run has one of its own, whatever the number of shards."""

from __future__ import annotations

from itertools import pairwise

import pytest
from graft_steps.checks import StepError
from hypothesis import given
from hypothesis import strategies as st
from latent_boundary import seeds


@given(st.integers(0, 1_000_000), st.integers(100, 50_000), st.integers(1, 32))
def test_shards_are_disjoint_and_together_the_whole_run(seed: int, images: int, count: int) -> None:
    whole = seeds.of_run(seed, images)
    shards = [seeds.parsed(text) for text in seeds.shards(whole, count)]
    assert (shards[0].start, shards[-1].stop, len(shards)) == (whole.start, whole.stop, count)
    assert all(one.stop == other.start for one, other in pairwise(shards))
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


def test_runs_of_different_seeds_share_no_picture() -> None:
    assert seeds.of_run(7, 50_000).stop <= seeds.of_run(8, 50_000).start


def test_more_shards_than_pictures_are_refused() -> None:
    with pytest.raises(StepError, match="set at most 3"):
        seeds.shards(range(3), 4)


@pytest.mark.parametrize("text", ["", "5", "9-3", "a-b", "1-2-3", "-1-4"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(StepError, match="is not a range, as in 350000-350999"):
        seeds.parsed(text)
