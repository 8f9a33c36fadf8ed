"""What is shown of findings: so many of a file, and none of the credentials that a file holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from generators.credentials import hidden, masked, name_among
from generators.model import Finding

MOST = 100  # what is said of one file
_LONGEST = 500  # characters of a path, of which the last key is of interest
_LONGEST_TEXT = 4_000  # characters of what a program reads; for people it is less
_PART = re.compile(r"[^.\[\]\"]+")

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


@lru_cache(maxsize=4096)
def unshown(finding: Finding) -> Finding:
    """A finding that quotes no credential, neither by its form nor by the key that it stands under, nor a book."""
    name = _name(finding.path)
    return replace(
        finding,
        path=masked(_cut(finding.path)),
        message=masked(_cut(finding.message)),
        found=hidden(_cut(finding.found), name),
        allowed=masked(_cut(finding.allowed)),
        fix=masked(_cut(finding.fix)),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def _name(path: str) -> str:
    """The key that a path leads to, or whose list it leads into."""
    return name_among([part for part in _PART.findall(path[-_LONGEST:]) if not part.isdigit()])
