"""What every verb takes: the repository that it works on, and the form of what it prints."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

import typer

from generators.errors import GraftError
from generators.inventory.read import Repository


class Output(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class Printable(Protocol):
    """What a verb gives: the same as text for people, and as JSON for programs."""

    def to_text(self) -> str: ...
    def to_json(self) -> str: ...


RepoOption = Annotated[
    Path | None,
    typer.Option("--repo", help="The repository; by default the one this folder is in.", show_default=False),
]
OutputOption = Annotated[Output, typer.Option("--output", help="For people, or for programs.")]


def wants_json() -> bool:
    """Whether this call asks for JSON, also where the rest of it cannot be read."""
    given = sys.argv[1:]
    return f"--output={Output.JSON}" in given or ("--output", Output.JSON) in itertools.pairwise(given)


def repository(path: Path | None) -> Repository:
    """The repository of --repo, or the one that the current folder is in."""
    return Repository.find(path or Path.cwd())


def show(result: Printable, output: Output) -> None:
    """Print what a verb gives."""
    print(result.to_json() if output is Output.JSON else result.to_text())


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
        return (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode()
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8; kfp on Windows may have written it otherwise"
        raise GraftError(f"{name} is not text in UTF-8: {error}", fix) from None
