"""What is wrong with a schedule is told once, at its line, also where its clocks are looked at after that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import check


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"0 5 * * *"', '"0 5 * * * *"', "has 6 fields"),
        ('"0 5 * * *"', '"@every 10m"', "counts from another moment"),
        ("timezone: Europe/Berlin", "timezone: Europe/Bonn", "is not a time zone"),
    ],
)
def test_one_that_is_none_is_one_error(
    tiny: Path, edit: Callable[[Path, str, str], None], old: str, new: str, words: str
) -> None:
    edit(tiny / "environments/prod.yml", old, new)

    (finding,) = [each for each in check.check(Repository(tiny)) if each.failing]

    assert (finding.place.file, finding.place.line) == ("environments/prod.yml", 35)
    assert words in finding.message
