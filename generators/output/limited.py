"""How many findings of a file are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

MOST = 100  # what is said of one file

T = TypeVar("T")


def limited(told: Iterable[T], file_of: Callable[[T], str]) -> tuple[list[T], dict[str, int]]:
    """Those that are shown, in their order, and how many more there are of each file that has more."""
    counted: Counter[str] = Counter()
    shown = []
    for each in told:
        file = file_of(each)
        counted[file] += 1
        if counted[file] <= MOST:
            shown.append(each)
    return shown, {file: number - MOST for file, number in counted.items() if number > MOST}
