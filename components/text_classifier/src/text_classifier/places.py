"""Files by path or URI, and the fixtures that stand in place of one."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graft_steps import places
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NONE = "none"
_FIXTURE = re.compile(r"fixture-(\d{1,9})")


def fixture_seed(place: str) -> int | None:
    """The seed of the fixture that a place names, None for another place."""
    match = _FIXTURE.fullmatch(place)
    return int(match[1]) if match else None


@contextmanager
def fetched(what: str, place: str) -> Iterator[Path]:
    """The file at a path or URI; one in an object store is a copy that the end of the context removes."""
    with places.fetched(what, place) as path:
        if not path.is_file():
            raise StepError(f"{what}: {place!r}: {path.absolute()} is not a file")
        yield path
