"""Tiny repositories, written into the test's own folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.merge import Environment, Inventory, load
from generators.inventory.read import Repository

Write = Callable[[dict[str, str]], Repository]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files, by name, into a repository."""

    def write(files: dict[str, str]) -> Repository:
        for folder in ("base", "environments"):
            (tmp_path / folder).mkdir(exist_ok=True)
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Repository(tmp_path)

    return write


@pytest.fixture
def inventory(write: Write) -> Callable[[dict[str, str]], Inventory]:
    """Writes files and loads the inventory that they are."""
    return lambda files: load(write(files))


@pytest.fixture
def merged(inventory: Callable[[dict[str, str]], Inventory]) -> Callable[[str, str], tuple[Environment, Inventory]]:
    """Merges parameters of a class with those of the environment `prod`, both given as YAML from line 2 and 3 on."""

    def merged(base: str, overlay: str) -> tuple[Environment, Inventory]:
        files = {
            "base/defaults.yml": "parameters:\n" + _indented(base),
            "environments/prod.yml": "classes: [defaults]\nparameters:\n" + _indented(overlay),
        }
        loaded = inventory(files)
        return loaded.environments["prod"], loaded

    return merged


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
