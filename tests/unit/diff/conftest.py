"""Sides to compare: the tiny repository as it is, and with some of it changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generators.delivery.names import PLATFORM
from generators.diff import compare
from generators.diff.loading import of_fleet
from generators.diff.model import Change, PipelineChange
from generators.diff.state import Side
from generators.fleet import fleet as fleets
from generators.fleet.cache import Cache
from generators.fleet.objects import of_checkout
from generators.inventory.read import Repository
from generators.verbs.diff import diff

Edit = Callable[[Path, str, str], None]
Commit = Callable[[Path], None]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Deployed:
    """A repository's rendered tree; `with_` gives the change from it to one in which a file holds something else."""

    side: Side

    def beside(self, file: str) -> dict[str, Any]:
        """What is compared where a file differs: it, and of a pipeline the rest of its folder."""
        folder = file.rpartition("/")[0]
        if _stands_alone(file):
            return {file: self.side.objects[file]}
        return {each: docs for each, docs in self.side.objects.items() if each.rpartition("/")[0] == folder}

    def with_(self, file: str, change: Callable[[list[Any]], object], only: int | None = None) -> Change:
        """`change` may do anything to the file's documents, or to that number of them alone."""
        objects = self.beside(file)
        documents = [copy.deepcopy(doc) if only in (None, at) else doc for at, doc in enumerate(objects[file])]
        change(documents)
        if only is not None and _stands_alone(file):  # no line of the others depends on it, and there are many
            objects, documents = {file: [objects[file][only]]}, [documents[only]]
        base, head = (replace(self.side, objects=each) for each in (objects, objects | {file: documents}))
        return compare(base, head, NOW)


def _stands_alone(file: str) -> bool:
    """Whether what is told of an object of the file depends on no other one: not so within a pipeline's folder."""
    parts = file.split("/")
    return len(parts) < 5 or parts[3] == PLATFORM


def deployed_of(folder: Path) -> Deployed:
    repository = Repository(folder)
    objects = of_checkout(repository)
    return Deployed(of_fleet(fleets.load(repository, Cache.of_user()), objects, tuple(objects)))


@pytest.fixture(scope="session")
def deployed(compiled_tiny: Path) -> Deployed:
    return deployed_of(compiled_tiny)


@pytest.fixture
def changed(tiny: Path, commit: Commit, edit: Edit) -> Callable[..., Change]:
    """The change of a committed repository by edits, each a file, a text and what stands in its place."""

    def made(*edits: tuple[str, str, str]) -> Change:
        commit(tiny)
        for file, old, new in edits:
            edit(tiny / file, old, new)
        return diff(Repository(tiny), "HEAD")

    return made


def of(change: Change, environment: str, place: str = "") -> PipelineChange:
    (found,) = (
        each for each in change.pipelines if each.environment == environment and (not place or place in each.places)
    )
    return found


def steps(change: PipelineChange) -> dict[str, tuple[str, str]]:
    return {task.step: (task.category, task.consequence) for task in change.tasks}
