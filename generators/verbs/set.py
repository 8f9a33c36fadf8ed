"""`graft set`: values of an environment, edited in its own file, rendered, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from generators import options
from generators.edit import assignments
from generators.edit.accepted import Done
from generators.edit.setting import setting
from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output import report


def command(
    env: Annotated[str, typer.Argument(help="An environment, such as staging.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE...", help="A key as `graft explain` takes it, and a value in YAML."),
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option("--unset", metavar="KEY", help="Take a key out of the environment's file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the edit, and write nothing.")] = False,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Edit values in an environment's file, comments and order kept, then render; what check would refuse is refused.

    Examples:

      graft set staging pipelines.transfer-learning.parameters.epochs=90

      graft set prod 'pipelines.churn.schedule={cron: "0 4 * * 1"}' --dry-run

      graft set prod --unset pipelines.transfer-learning.hold
    """
    options.show(set_values(options.repository(repo), env, values or [], unset or [], dry_run), output)


@dataclass(frozen=True)
class Outcome:
    """What was edited and rendered, the keys that were so already, and the warnings that remain."""

    done: Done | None
    already: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()

    def to_text(self) -> str:
        warned = [report.one(first, others) for first, *others in report.alike(report.in_order(self.warnings))]
        return "\n".join([*warned, *self.already, self.done.to_text() if self.done else "nothing to set"])

    def to_json(self) -> str:
        done = self.done
        more = {"files": done.files() if done else [], "diff": done.diff if done else "", "already": [*self.already]}
        return report.as_json(self.warnings, more)


def set_values(
    repository: Repository,
    environment: str,
    values: Sequence[str],
    unset: Sequence[str] = (),
    dry_run: bool = False,
    cache: Cache | None = None,
) -> Outcome:
    """Edit the overlay and render; Refused, and nothing written, where `graft check` would refuse what it gives."""
    if not values and not unset:
        raise GraftError("there is nothing to set", "for example: graft set staging unbuilt_images=refuse")
    found = setting(repository, environment, assignments.read(values, unset), cache or Cache.of_user())
    if found.accepted is None:
        return Outcome(None, found.already)
    done = found.accepted.unwritten() if dry_run else found.accepted.write()
    before = found.accepted.warnings(environment)
    return Outcome(done, found.already, tuple(each for each in before if each.rule not in ("unbuilt",)))
