"""Checks that Git tracks nothing that belongs to one machine: a pull request could plant it.

That is graft's own scratch folder, and what Python runs in place of a source or before it, where nobody reads it:
bytecode, also such as is never held against its source, and what a virtual environment, or a package installed in
place, is made of.
"""

from __future__ import annotations

from collections.abc import Iterator

from generators.fleet import git
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.output.write import SCRATCH

# What it is to the pattern of Git that finds it.
_RUN_UNREAD = {
    "bytecode": (":(glob)**/__pycache__/**", ":(glob)**/*.py[co]"),
    "a virtual environment": (":(glob)**/pyvenv.cfg", ":(glob)**/*.pth", ":(glob)**/site-packages/**"),
    "an installed package": (":(glob)**/*.egg-info/**", ":(glob)**/*.dist-info/**"),
}


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding that names the first of the files in the index, and how many there are, for each kind of them."""
    if files := git.tracked(fleet.repository, SCRATCH):
        message = f"Git tracks {_named(files)}, and what is in {SCRATCH} belongs to one machine"
        yield _finding(files, message, f"run: git rm -r --cached {SCRATCH}")
    for what, files in run_unread(fleet.repository).items():
        message = (
            f"Git tracks {_named(files)}, which is {what}: it runs wherever this is checked out, and nobody reads it"
        )
        yield _finding(files, message, f"run: git rm --cached {files[0]}")


def run_unread(repository: Repository) -> dict[str, list[str]]:
    """The files that Git tracks and Python would run unread, by what they are."""
    if not git.tracked(repository, *(each for patterns in _RUN_UNREAD.values() for each in patterns)):
        return {}
    found = {what: git.tracked(repository, *patterns) for what, patterns in _RUN_UNREAD.items()}
    return {what: files for what, files in found.items() if files}


def _named(files: list[str]) -> str:
    return f"{files[0]} and {len(files) - 1} more" if len(files) > 1 else files[0]


def _finding(files: list[str], message: str, fix: str) -> Finding:
    return Finding("invalid", "read", "tracked", Place(files[0]), "", message, fix=fix)
