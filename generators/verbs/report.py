"""`graft report`: the fleet as web pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from generators import options
from generators.diff import changes
from generators.errors import GraftError, Refused
from generators.fleet import fleet as fleets
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.inventory.read import Repository
from generators.output import report, write
from generators.pages import links, outcomes
from generators.pages.site import STYLE, Site

OUT = Path(".graft/report")


def command(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to; by default .graft/report.", show_default=False),
    ] = None,
    base: Annotated[
        str, typer.Option("--base", metavar="REF", help="Show what the checkout changes of it: a branch, or a commit.")
    ] = "",
    status: Annotated[
        Path | None,
        typer.Option("--status", metavar="FILE", help="What `graft status --output json` wrote: outcomes of runs."),
    ] = None,
    statuses: Annotated[
        bool, typer.Option("--statuses", help="Show how runs ended by GitHub's commit statuses (GITHUB_TOKEN).")
    ] = False,
    now: Annotated[
        str,
        typer.Option("--now", metavar="TIME", help="What next runs come after, such as 2026-01-31T12:00Z."),
    ] = "",
    repo: options.RepoOption = None,
    sandbox: options.SandboxOption = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Write the fleet as web pages: what runs where, each pipeline's graph and where its values come from, policies.

    They need no server and no network. The same tree gives the same bytes, but for what --status, --statuses and --now
    add.
    """
    repository = options.repository(repo)
    seen = options.text_of(str(status)) if status else ""
    folder = out or write.scratch(repository.root, OUT.name)
    options.show(write_report(repository, folder, seen, _instant(now), base, statuses), output)


@dataclass(frozen=True)
class Outcome:
    """Where the pages are, and which were written and removed."""

    folder: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def to_text(self) -> str:
        counts = f"{len(self.written)} written, {len(self.removed)} removed, {self.unchanged} unchanged"
        return f"{counts}\n{self.folder / 'index.html'}"

    def to_json(self) -> str:
        files = [*report.files(self.written, "written"), *report.files(self.removed, "removed")]
        return report.as_json((), {"files": files, "unchanged": self.unchanged, "folder": str(self.folder)})


def write_report(
    repository: Repository,
    out: Path,
    status: str = "",
    now: datetime | None = None,
    base: str = "",
    statuses: bool = False,
) -> Outcome:
    """Make the folder `out` the pages; Refused where the repository has findings, since its values would be guesses."""
    fleet = fleets.load(repository, Cache.of_user())
    if failing := [finding for finding in fleet.findings if finding.failing]:
        raise Refused(failing, "no page was written")
    seen = _seen(fleet, status, statuses)
    change = changes(repository, base) if base else None
    site = Site(fleet, links.links(repository), seen, now or seen.taken, change)
    out = out.resolve()
    if out.is_dir() and (present := write.files(out)) and STYLE not in present:
        raise GraftError(f"{out} holds files that are not a report", "name a new folder with --out DIR")
    done = write.write_folder(out, site.files())
    return Outcome(out, done.written, done.removed, done.unchanged)


def _seen(fleet: Fleet, status: str, statuses: bool) -> outcomes.Outcomes:
    if status and statuses:
        raise GraftError("--status and --statuses both say how runs ended", "give one of them")
    if statuses:
        return outcomes.of_statuses(fleet, datetime.now(UTC))
    return outcomes.read(status) if status else outcomes.Outcomes()


def _instant(text: str) -> datetime | None:
    """An instant as it is given, in UTC where it says no zone; GraftError where it is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise GraftError(f"--now {text} is not a time", "write it as 2026-01-31T12:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
