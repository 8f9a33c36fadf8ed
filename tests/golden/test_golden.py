"""The rendered tree of tests/tiny, committed beside its sources, is what its sources render.

Rewritten by `make golden` only; a file that is missing here fails like one that differs.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import render

TINY = Path(__file__).resolve().parents[1] / "tiny"


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("folder", ["rendered", "definitions"])
def test_the_golden_files_are_what_their_sources_render(tiny: Path, folder: str) -> None:
    shutil.rmtree(tiny / folder)

    render.render(Repository(tiny))

    assert _texts(tiny / folder) == _texts(TINY / folder), "if the change is meant: make golden"
