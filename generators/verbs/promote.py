"""`graft promote`: what one environment has proved, pinned in the next one, with the images that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

from generators import options
from generators.edit.accepted import Done
from generators.edit.promotion import Ask, Move, Promotion, Wanted, promotion
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet, load
from generators.output import report


class Evidence(StrEnum):
    """Who is asked what became of a definition."""

    AUTO = "auto"
    GITHUB = "github"
    CLUSTER = "cluster"
    NONE = "none"


def command(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The environment that has proved it.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The environment that pins it.")],
    pipelines: Annotated[
        list[str] | None, typer.Argument(metavar="PIPELINE...", help="By default all that both run and TO pins.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", metavar="NAME", help="Carry this parameter too, as FROM sets it.")
    ] = None,
    parameters: Annotated[bool, typer.Option("--parameters", help="Carry all parameters that FROM sets.")] = False,
    outcome: Annotated[
        Evidence,
        typer.Option(help="Who says how it went in FROM; auto is GitHub with GITHUB_TOKEN, else the clusters."),
    ] = Evidence.AUTO,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Go on where it is not known how it went; never where it failed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the edit, and write nothing.")] = False,
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Pin in TO what FROM has proved: definition and image digests, and the parameters asked for; then render.

    Refused where a run of it has failed in FROM, where it is not known how it went, or where either holds it.

    Examples:

      graft promote staging prod

      graft promote staging prod transfer-learning --parameter epochs

      graft promote staging prod --outcome cluster --dry-run
    """
    wanted = Wanted(source, target, tuple(pipelines or ()), tuple(parameter or ()), parameters, unproven)
    options.show(promote(load(options.repository(repo), Cache.of_user()), wanted, outcome, dry_run), output)


@dataclass(frozen=True)
class Outcome:
    """The promotion, and what was written of it."""

    wanted: Wanted
    promotion: Promotion
    done: Done | None

    def to_text(self) -> str:
        lines = [line for move in self.promotion.moves for line in self._lines(move)]
        lines += [f"{reason}: left as it is" for reason in self.promotion.left.values()]
        return "\n".join([*lines, *([self.done.to_text()] if self.done else ["nothing to promote"])])

    def _lines(self, move: Move) -> list[str]:
        if move.is_nothing:
            return [f"{move.pipeline}  {self.wanted.target} runs {move.after} already, as {self.wanted.source} does"]
        change = f"{move.before} -> {move.after}" if move.before != move.after else move.after
        return [f"{move.pipeline}  {change}, {move.same}", *(f"  {outcome}" for outcome in move.outcomes)]

    def to_json(self) -> str:
        done, warnings = self.done, ()
        if self.promotion.accepted:
            found = self.promotion.accepted.warnings(self.wanted.target)
            warnings = tuple(each for each in found if each.rule != "unbuilt")
        more = {"files": done.files() if done else [], "diff": done.diff if done else ""}
        moves = [_record(move) for move in self.promotion.moves]
        return report.as_json(warnings, {**more, "pipelines": moves, "left": list(self.promotion.left)})


def promote(fleet: Fleet, wanted: Wanted, outcome: Evidence = Evidence.AUTO, dry_run: bool = False) -> Outcome:
    """Edit TO's overlay and render."""
    found = promotion(fleet, wanted, _asking(fleet, outcome))
    if found.accepted is None:
        return Outcome(wanted, found, None)
    return Outcome(wanted, found, found.accepted.unwritten() if dry_run else found.accepted.write())


def _asking(fleet: Fleet, outcome: Evidence) -> Ask:
    from generators.live.outcomes import evidence  # nothing of a cluster is imported before somebody asks one

    return lambda environment, pipeline, definition: evidence.ask(
        fleet.repository, environment, pipeline, definition, outcome
    )


def _record(move: Move) -> dict[str, Any]:
    said = [{"cluster": each.cluster, "state": each.state, "why": each.why} for each in move.outcomes]
    return {"pipeline": move.pipeline, "before": move.before, "after": move.after, "same": move.same, "outcomes": said}
