"""`graft rollback`: pin what ran before, and hold it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from generators import options
from generators.edit.accepted import Done
from generators.edit.rollback import Rollback
from generators.edit.rollback import rollback as roll_back
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet, load
from generators.output import report

_MODEL = "what is served stays: graft set {environment} {at}.version=N {at}.pinned=true goes back to its version N"


def command(
    env: Annotated[str, typer.Argument(help="An environment, such as prod.")],
    pipeline: Annotated[str, typer.Argument(help="A pipeline that it runs.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it holds promotions until it is taken out.")],
    to: Annotated[
        str, typer.Option("--to", metavar="HASH", help="A definition that it ran; by default the one before.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the edit, and write nothing.")] = False,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Pin the definition that ran before, by Git's history, and hold the pipeline there; then render.

    Examples:

      graft rollback prod transfer-learning --reason "accuracy fell to 0.6"

      graft rollback prod transfer-learning --to 55a5c5df27 --reason "the June data"
    """
    fleet = load(options.repository(repo), Cache.of_user())
    options.show(rollback(fleet, env, pipeline, reason, to, dry_run), output)


@dataclass(frozen=True)
class Outcome:
    """What was rolled back, and what was written of it."""

    environment: str
    pipeline: str
    found: Rollback
    done: Done

    @property
    def notes(self) -> list[str]:
        hold = f"pipelines.{self.pipeline}.hold"
        over = f"it is held: promotions go on after graft set {self.environment} --unset {hold}"
        pinned = _MODEL.format(environment=self.environment, at=f"pipelines.{self.pipeline}.serve")
        return [over, *([pinned] if self.found.serves else [])]

    def to_text(self) -> str:
        head = f"{self.pipeline} in {self.environment}  {self.found.before} -> {self.found.after}"
        return "\n".join([head, self.done.to_text(), *self.notes])

    def to_json(self) -> str:
        warnings = [each for each in self.found.accepted.warnings(self.environment) if each.rule != "unbuilt"]
        change = {"pipeline": self.pipeline, "before": self.found.before, "after": self.found.after}
        return report.as_json(
            warnings, {"files": self.done.files(), "diff": self.done.diff, **change, "notes": self.notes}
        )


def rollback(
    fleet: Fleet, environment: str, pipeline: str, reason: str, to: str = "", dry_run: bool = False
) -> Outcome:
    """Edit the overlay and render; what ran before is pinned."""
    if not reason.strip():
        raise GraftError("--reason says nothing", 'say why: --reason "accuracy fell to 0.6"')
    found = roll_back(fleet, environment, pipeline, reason, to)
    return Outcome(environment, pipeline, found, found.accepted.unwritten() if dry_run else found.accepted.write())
