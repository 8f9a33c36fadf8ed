"""A committed tiny repository whose pipeline has moved on: staging follows it, and prod is pinned to what it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.fleet import fleet as fleets
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.inventory.read import Repository
from generators.verbs import render

OLD = "4dbb8e3ec3"
Edit = Callable[[Path, str, str], None]


def load(repository: Repository) -> Fleet:
    """The fleet of a repository, with the tests' own cache."""
    return fleets.load(repository, Cache.of_user())


@pytest.fixture
def moved(tiny: Path, edit: Edit, commit: Callable[[Path], None]) -> Repository:
    """The repository: one commit with the old definition in prod, and one with the new in staging."""
    commit(tiny)
    edit(tiny / "generators/pipelines/greet.py", 'word: str = "Hello"', 'word: str = "Hi"')
    render.render(Repository(tiny))
    commit(tiny)
    return Repository(tiny)


@pytest.fixture
def fleet_of() -> Callable[[Repository], Fleet]:
    """Read a repository anew."""
    return load
