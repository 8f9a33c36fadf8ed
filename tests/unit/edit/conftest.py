"""A committed tiny repository whose pipeline has moved on: staging follows it, and prod is pinned to what it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.edit.promotion import load
from generators.fleet.fleet import Fleet
from generators.inventory.read import Repository
from generators.verbs import render

OLD = "4dbb8e3ec3"
Edit = Callable[[Path, str, str], None]


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
