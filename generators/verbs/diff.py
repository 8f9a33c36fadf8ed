"""`graft diff`: what the checkout does to every cluster, before it is merged."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from generators import options
from generators.diff import changes
from generators.diff.model import Change
from generators.errors import GraftError
from generators.inventory.read import Repository


class Form(StrEnum):
    """How a change is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def command(
    ref: Annotated[
        str,
        typer.Argument(
            metavar="[REF]", help="A branch or a commit that clusters run; or an environment, or a definition."
        ),
    ] = "",
    other: Annotated[
        str, typer.Argument(metavar="[OTHER]", help="The environment, or definition, that the first is compared with.")
    ] = "",
    repo: options.RepoOption = None,
    output: Annotated[Form, typer.Option("--output", help="For people, for programs, or for a comment.")] = Form.TEXT,
) -> None:
    """Show what merging this checkout does to every cluster: versions, values, steps that run again, deletions.

    `graft diff` compares with the main branch, `graft diff staging prod` two environments, `graft diff 55a5 5b1e` two
    definitions of a pipeline.
    """
    show(diff(options.repository(repo), ref, other), output)


def diff(repository: Repository, ref: str = "", other: str = "") -> Change:
    """The change from a revision to the checkout, or between two environments or two definitions."""
    if not other:
        return changes(repository, ref)
    from generators.diff import between

    known = [repository.exists(f"environments/{name}.yml") for name in (ref, other)]
    if any(known) and not all(known):
        missing = other if known[0] else ref
        raise GraftError(f"there is no environment {missing}", "name two environments, or two definitions")
    return (between.environments if all(known) else between.two_definitions)(repository, ref, other)


def show(change: Change, form: Form) -> None:
    """Print a change, in colour where a person is looking."""
    if form is Form.JSON:
        from generators.diff.json import to_json

        print(to_json(change))
    elif form is Form.MARKDOWN:
        from generators.diff.markdown import to_markdown

        print(to_markdown(change))
    elif sys.stdout.isatty():
        from generators.diff.colour import print_in_colour

        print_in_colour(change)
    else:
        from generators.diff.text import to_text

        print(to_text(change))
