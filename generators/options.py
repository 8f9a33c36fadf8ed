"""What every verb takes: the repository that it works on, and the form of what it prints."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import typer

from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.output import report
from generators.output.report import Locate
from generators.sandbox.held import VARIABLE, Mode


class Output(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class FindingsOutput(StrEnum):
    """How findings are printed: also for a code host, at the lines that they are about."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class Printable(Protocol):
    """What a verb gives: the same as text for people, and as JSON for programs."""

    def to_text(self) -> str: ...
    def to_json(self) -> str: ...


RepoOption = Annotated[
    Path | None,
    typer.Option("--repo", help="The repository; by default the one this folder is in.", show_default=False),
]
OutputOption = Annotated[Output, typer.Option("--output", help="For people, or for programs.")]


def _contain(mode: Mode | None) -> Mode | None:
    """Say to whatever compiles, in this process and those that it starts, what --sandbox asks for."""
    if mode:
        os.environ[VARIABLE] = mode
    return mode


SandboxOption = Annotated[
    Mode | None,
    typer.Option(
        "--sandbox",
        callback=_contain,
        help=f"Where pipelines' code cannot be contained: refuse, go on, or never contain it. {VARIABLE} says it too; "
        f"by default require in CI, else auto.",
        show_default=False,
    ),
]

FindingsOutputOption = Annotated[
    FindingsOutput,
    typer.Option("--output", help="For people, for programs, or at the lines of a pull request: sarif, github."),
]


def wanted() -> FindingsOutput:
    """The form that this call asks for, also where the rest of it cannot be read."""
    given = sys.argv[1:]
    asked = {text.removeprefix("--output=") for text in given if text.startswith("--output=")}
    asked |= {value for option, value in itertools.pairwise(given) if option == "--output"}
    return next((form for form in FindingsOutput if form in asked), FindingsOutput.TEXT)


def given_repository() -> Path:
    """The folder that --repo names, or the current one, also where the rest of the call cannot be read."""
    given = sys.argv[1:]
    named = [text.removeprefix("--repo=") for text in given if text.startswith("--repo=")]
    named += [value for option, value in itertools.pairwise(given) if option == "--repo"]
    return Path(named[0]) if named else Path.cwd()


def in_git(folder: Path) -> str:
    """What a path from `folder` begins with when it is told from the top of its Git repository, "" at the top."""
    folder = folder.resolve()
    top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    inside = folder.relative_to(top).as_posix()
    return "" if inside == "." else f"{inside}/"


def from_top(folder: Path, locate: Locate = report.as_it_is) -> Locate:
    """Places whose files are named from `folder`, named from the top of its Git repository."""
    above = in_git(folder)
    return lambda finding: [replace(place, file=f"{above}{place.file}") for place in locate(finding)]


def repository(path: Path | None) -> Repository:
    """The repository of --repo, or the one that the current folder is in."""
    return Repository.find(path or Path.cwd())


def show(result: Printable, output: Output) -> None:
    """Print what a verb gives."""
    print(result.to_json() if output is Output.JSON else result.to_text())


_LARGEST = 64 << 20  # bytes of one file
_MANIFESTS = (".yaml", ".yml", ".json")


def files_of(paths: Sequence[str]) -> list[str]:
    """The files that paths name: themselves, `-` for standard input, and the YAML and JSON below a folder.

    GraftError where one is not there, or a folder has none.
    """
    found: list[str] = []
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            if path != "-" and not Path(path).exists():
                raise GraftError(f"{path} is not there", "name a file, a folder, or - for standard input")
            found.append(path)
            continue
        below = sorted(str(file) for file in Path(path).rglob("*") if file.suffix in _MANIFESTS and file.is_file())
        if not below:
            raise GraftError(f"{path} holds no YAML and no JSON", "name a folder with manifests")
        found += below
    return list(dict.fromkeys(found))


def text_of(name: str) -> str:
    """What a file holds, or standard input for `-`; GraftError where it is not text in UTF-8."""
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise GraftError(f"{name} is larger than {_LARGEST >> 20} MiB", "split it")
        return content.decode()
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8; kfp on Windows may have written it otherwise"
        raise GraftError(f"{name} is not text in UTF-8: {error}", fix) from None
