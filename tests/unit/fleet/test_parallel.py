"""Work on all cores gives what work on one does, in the same order."""

from __future__ import annotations

import os

import pytest

from generators.fleet.parallel import mapped


def _square(number: int) -> int:
    return number * number


def _process(number: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("count", [0, 1, 5, 100])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_results_stand_in_the_order_of_the_items(count: int, workers: int) -> None:
    assert mapped(_square, list(range(count)), workers) == [_square(number) for number in range(count)]


def test_much_work_is_done_by_other_processes_and_little_here() -> None:
    assert os.getpid() not in mapped(_process, list(range(100)), 2)
    assert set(mapped(_process, [1, 2, 3], 2)) == {os.getpid()}
