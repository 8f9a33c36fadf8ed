"""Checks that Git tracks nothing of graft's own scratch folder, which a pull request could plant."""

from __future__ import annotations

from collections.abc import Iterator

from generators.fleet import git
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.model import Finding, Place
from generators.output.write import SCRATCH


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding that names the first of the files in the index, and how many there are."""
    if tracked := git.tracked(fleet.repository, SCRATCH):
        more = f" and {len(tracked) - 1} more" if len(tracked) > 1 else ""
        message = f"Git tracks {tracked[0]}{more}, and what is in {SCRATCH} belongs to one machine"
        fix = f"run: git rm -r --cached {SCRATCH}"
        yield Finding("invalid", "read", "tracked", Place(tracked[0]), "", message, fix=fix)
