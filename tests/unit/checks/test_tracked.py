"""What graft keeps for itself in a repository is no part of it: Git may not bring it from somebody else."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

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
