"""Work for all cores: a function over many items, in processes of their own where there is enough of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW = 12  # items that are done in less time than the processes take to start


def mapped(function: Callable[[Item], Result], items: Sequence[Item], workers: int = 0) -> list[Result]:
    """What `function` gives for each item, in their order; neither it nor an item may hold on to this process."""
    workers = workers or os.cpu_count() or 1
    if workers == 1 or len(items) <= _FEW:
        return [function(item) for item in items]
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Linux alone can copy a process whole and safely; elsewhere Python starts new ones.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    share = max(1, len(items) // (workers * 4))
    with ProcessPoolExecutor(min(workers, len(items)), mp_context=context) as pool:
        return list(pool.map(function, items, chunksize=share))
