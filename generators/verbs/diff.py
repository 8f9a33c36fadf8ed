"""`graft diff`: what the checkout does to every cluster, before it is merged."""

from __future__ import annotations

import sys
from dataclasses import replace
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
    sandbox: options.SandboxOption = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run each pipeline that changes here, before and after, and compare metrics.")
    ] = False,
    output: Annotated[Form, typer.Option("--output", help="For people, for programs, or for a comment.")] = Form.TEXT,
) -> None:
    """Show what merging this checkout does to every cluster: versions, values, steps that run again, deletions.

    `graft diff` compares with the main branch, `graft diff staging prod` two environments, `graft diff 55a5 5b1e` two
    definitions of a pipeline. `graft diff --run` trains before and after too, on this machine.
    """
    show(diff(options.repository(repo), ref, other, run), output)


def diff(repository: Repository, ref: str = "", other: str = "", run: bool = False) -> Change:
    """The change from a revision to the checkout, or between two environments or two definitions.

    With `run` the pipelines that change on this machine are run on both sides.
    """
    if not other:
        found = changes(repository, ref)
        return _with_runs(repository, ref, found) if run else found
    if run:
        raise GraftError("--run compares the checkout with a revision", "leave it out, or name one revision")
    from generators.diff import between, defined

    known = [repository.exists(f"environments/{name}.yml") for name in (ref, other)]
    if any(known) and not all(known):
        missing = other if known[0] else ref
        raise GraftError(f"there is no environment {missing}", "name two environments, or two definitions")
    return (between.environments if all(known) else defined.two_definitions)(repository, ref, other)


def _with_runs(repository: Repository, ref: str, change: Change) -> Change:
    from generators.diff.runs import runs

    both = runs(repository, ref, change)
    note = () if both else ("no pipeline that runs on this machine changes, so none was run",)
    return replace(change, runs=both, notes=(*change.notes, *note))


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
