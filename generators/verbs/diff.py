"""`graft diff`: what the checkout does to every cluster, before it is merged."""

from __future__ import annotations

from typing import Annotated

import typer

from generators import options
from generators.diff import changes
from generators.diff.text import to_text


def command(
    ref: Annotated[str, typer.Argument(metavar="[REF]", help="What the clusters run: a branch, a tag, a commit.")] = "",
    repo: options.RepoOption = None,
) -> None:
    """Show what merging this checkout does to every cluster: versions, values, steps that run again, deletions."""
    print(to_text(changes(options.repository(repo), ref)))
