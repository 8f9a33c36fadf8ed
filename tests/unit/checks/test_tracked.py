"""What graft keeps for itself in a repository is no part of it: Git may not bring it from somebody else."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import check


def test_a_scratch_folder_that_git_tracks_is_refused(tiny: Path, commit: Callable[[Path], None]) -> None:
    commit(tiny)
    before = [each for each in check.check(Repository(tiny)) if each.rule == "tracked"]
    for name in ("a", "b"):
        (tiny / ".graft" / name).write_text("planted")
    subprocess.run(["git", "add", "--force", ".graft/a", ".graft/b"], cwd=tiny, check=True)

    (found,) = [each for each in check.check(Repository(tiny)) if each.rule == "tracked"]

    assert before == []
    assert (found.failing, found.place.file) == (True, ".graft/a")
    assert found.message == "Git tracks .graft/a and 1 more, and what is in .graft belongs to one machine"
    assert found.fix == "run: git rm -r --cached .graft"


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("generators/__pycache__/errors.cpython-312.pyc", "bytecode"),
        ("components/greeter/old.pyc", "bytecode"),
        (".venv/lib/python3.12/site-packages/planted.pth", "a virtual environment"),
        ("env/pyvenv.cfg", "a virtual environment"),
        ("graft.egg-info/entry_points.txt", "an installed package"),
    ],
)
def test_what_runs_unread_is_refused(tiny: Path, commit: Callable[[Path], None], file: str, what: str) -> None:
    """Bytecode can say that it is never to be held against its source (PEP 552)."""
    commit(tiny)
    (tiny / file).parent.mkdir(parents=True, exist_ok=True)
    (tiny / file).write_text("planted")
    subprocess.run(["git", "add", "--force", file], cwd=tiny, check=True)

    (found,) = [each for each in check.check(Repository(tiny)) if each.rule == "tracked"]

    assert (found.failing, found.place.file) == (True, file)
    assert f"Git tracks {file}, which is {what}: it runs" in found.message
    assert found.fix == f"run: git rm --cached {file}"
