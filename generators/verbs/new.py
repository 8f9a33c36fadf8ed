"""`graft new`: a component or a pipeline that renders, checks and runs at once, to be changed into one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from generators import options
from generators.errors import GraftError
from generators.fleet import environments
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments, file_of
from generators.inventory.layers import class_of
from generators.inventory.read import Repository
from generators.ir.user_code import COMPONENTS
from generators.output import report, write
from generators.scaffold import files, names
from generators.scaffold.environments import with_pipeline
from generators.scaffold.names import Name


class Kind(StrEnum):
    """What can be made."""

    COMPONENT = "component"
    PIPELINE = "pipeline"


def command(
    kind: Annotated[Kind, typer.Argument(help="What is made.")],
    name: Annotated[str, typer.Argument(help="Its name, such as churn-model.")],
    env: Annotated[
        list[str] | None,
        typer.Option("--env", help="An environment to run the pipeline; by default all that pin no definition."),
    ] = None,
    repo: options.RepoOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Write a component, or a pipeline with one, that works at once: change it into your own."""
    options.show(new(options.repository(repo), kind, name, env or []), output)


@dataclass(frozen=True)
class Outcome:
    """The files that were written or edited, and the commands to go on with."""

    written: tuple[str, ...]
    edited: tuple[str, ...]
    next_steps: tuple[str, ...]

    def to_text(self) -> str:
        changes = [f"  wrote   {path}" for path in self.written] + [f"  edited  {path}" for path in self.edited]
        return "\n".join([*changes, "next:", *(f"  {step}" for step in self.next_steps)])

    def to_json(self) -> str:
        done = [*report.files(self.written, "written"), *report.files(self.edited, "edited")]
        return report.as_json((), {"files": done, "next": list(self.next_steps)})


def new(repository: Repository, kind: Kind, text: str, wanted: Sequence[str]) -> Outcome:
    """Write the files of something new; GraftError, and nothing written, where one of them is there already."""
    name = names.checked(text)
    if kind is Kind.COMPONENT:
        if wanted:
            raise GraftError("--env is for a pipeline: a component runs where a pipeline runs it", "leave it out")
        made, edited = _fresh(repository, files.component(name)), {}
    else:
        own = {} if repository.exists(f"{COMPONENTS}/{name.module}") else files.component(name)
        made = _fresh(repository, {**own, **files.pipeline(name)})
        edited = _with_entries(repository, name, wanted)
    for file, content in {**made, **edited}.items():
        write.write_file_atomically(repository.root / file, content)
    return Outcome(tuple(sorted(made)), tuple(sorted(edited)), tuple(_next(kind, name)))


def _fresh(repository: Repository, made: Mapping[str, str]) -> Mapping[str, str]:
    if there := [file for file in sorted(made) if repository.exists(file)]:
        raise GraftError(f"{there[0]} is there already, and nothing was written", "take another name, or remove it")
    return made


def _with_entries(repository: Repository, name: Name, wanted: Sequence[str]) -> dict[str, str]:
    """The files of the environments that are to run the pipeline, with it."""
    known = environments.load(repository, Cache.of_user())
    for each in wanted:
        known.require(each)
    chosen = list(wanted) or list(_following(known))
    if not chosen:
        raise GraftError("every environment pins definitions, and a new pipeline has none yet", "name one by --env")
    return {file_of(each): with_pipeline(repository.text(file_of(each)), file_of(each), name.text) for each in chosen}


def _following(known: Environments) -> Iterable[str]:
    """The environments that follow the code of all their pipelines."""
    for name, described in known.described.items():
        if not any(pipeline.definition for pipeline in described.environment.pipelines):
            yield name


def _next(kind: Kind, name: Name) -> list[str]:
    check = f"python -m pytest {COMPONENTS}/{name.module}"
    if kind is Kind.COMPONENT:
        return [check, f"graft new pipeline {name.text}, or write one that imports components.{name.module}"]
    return ["graft render", "graft check", f"graft run {name.text}", check, f"change it: {class_of(name.text)} and on"]
