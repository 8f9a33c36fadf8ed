"""Whatever differs is named: each leaf of a rendered tree, and each leaf of an input, is changed in turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generators.diff.text import to_text
from tests.unit.diff.conftest import Deployed, deployed_of

ROOT = Path(__file__).resolve().parents[3]
MARK, NUMBER = "MUTATED", 987654
Way = tuple[str | int, ...]


def leaves(value: Any, path: Way = ()) -> Iterator[Way]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [way for key, child in children for way in leaves(child, (*path, key))]
    yield from found or [path]


def mutated(documents: list[Any], path: Way) -> str:
    """Change the leaf at a path, and give what a line must say of it."""
    holder: Any = documents
    for key in path[:-1]:
        holder = holder[key]
    old = holder[path[-1]]
    if isinstance(old, bool) or old is None or isinstance(old, dict | list):
        holder[path[-1]] = (not old) if isinstance(old, bool) else MARK
        said = "suspended" if path[-1] == "suspend" else f"{old} -> {not old}".lower()  # a schedule is told in words
        return said if isinstance(old, bool) else MARK
    holder[path[-1]] = (
        NUMBER if isinstance(old, int | float) else f"{old} {MARK}"
    )  # apart: together they look like a key
    return str(NUMBER) if isinstance(old, int | float) else MARK


def unnamed(deployed: Deployed, file: str, paths: list[Way]) -> list[str]:
    found = []
    for path in paths:
        wanted: list[str] = []
        change = deployed.with_(
            file, lambda documents, at=path, said=wanted: said.append(mutated(documents, at)), path[0]
        )
        if wanted[0] not in to_text(change).partition("\n")[2]:
            found.append(f"{file}: {path}")
    return found


FILES = ("staging/two/greet", "prod/east/greet", "local/laptop/greet", "staging/two/platform", "staging/argocd")


@pytest.mark.parametrize("folder", FILES)
def test_each_leaf_of_the_tiny_tree_is_named_by_some_line(deployed: Deployed, folder: str) -> None:
    files = [file for file in deployed.side.objects if file.startswith(f"rendered/{folder}/")]
    paths = {file: list(leaves(deployed.side.objects[file])) for file in files}

    assert sum(map(len, paths.values())) > 50
    assert [each for file in files for each in unnamed(deployed, file, paths[file])] == []


def test_a_sample_of_the_leaves_of_this_repository_is_named_by_some_line() -> None:
    deployed, chosen = deployed_of(ROOT), random.Random(13)
    every = [(file, path) for file, docs in deployed.side.objects.items() for path in leaves(docs)]
    found = [each for file, path in chosen.sample(every, 80) for each in unnamed(deployed, file, [path])]

    assert len(every) > 10_000
    assert found == []
