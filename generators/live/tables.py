"""The state of a fleet as text: a table a cluster within 100 columns, and below it what is not in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from rich.console import Console, ConsoleRenderable, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from generators.live.model import ILL, WELL, Row, time_of
from generators.live.status import Status
from generators.model import Finding
from generators.output import report
from generators.output.plain import plain, printable

_LINES = 20  # of a log
_SHORT = 6  # digits of a hash, where there is room for no more
_WEEK = 7  # days that their names tell apart
_COLUMNS = (("  pipeline", 29), ("version", 11), ("sync", 9), ("health", 11), ("last run", 21), ("next", 9))
_NONE = "-"
_COLOURS = {"Synced": "green", "Healthy": "green", "OutOfSync": "yellow", "Progressing": "yellow", "Degraded": "red"}
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def of_status(status: Status) -> ConsoleRenderable:
    """All of it, to be printed by a console of `report.WIDTH` columns."""
    parts: list[ConsoleRenderable] = []
    for _, rows in groupby(status.rows, key=lambda row: (row.environment, row.cluster)):
        own = list(rows)
        parts += [_heading(status, own[0]), _table(own, status, first=not parts), Text("")]
        parts += [Padding(text, (0, 0, 1, 2)) for row in own for text in _troubles(row, status.taken)]
    if not status.rows:
        parts.append(Text("nothing is deployed"))
    parts += [_unreached(finding) for finding in status.findings]
    return Group(*parts)


def console(**more: Any) -> Console:
    """What the text is printed by: where nobody looks it is as wide as the table."""
    made = Console(**more)
    return made if made.is_terminal else Console(**more, width=report.WIDTH)


def _heading(status: Status, row: Row) -> Text:
    server = status.servers.get((row.environment, row.cluster), "")
    text = Text.assemble((f"{row.environment}/{row.cluster}", "bold"), f"  {row.engine}", (f"  {server}", "dim"))
    return text if status.reached(row.environment, row.cluster) else text.append("  not reached", "magenta")


def _table(rows: list[Row], status: Status, first: bool) -> Table:
    table = Table(box=None, pad_edge=False, show_header=first, padding=(0, 2, 0, 0), header_style="dim")
    for title, width in _COLUMNS:
        table.add_column(title, width=width, overflow="fold")
    for row in rows:
        application = row.application
        sync, health = (application.sync, application.health) if application else (_NONE, _NONE)
        cells = [f"  {row.pipeline}", _version(row), _coloured(sync), _coloured(health)]
        table.add_row(*cells, _last(row, status.taken), _next(row, status.taken))
    return table


def _version(row: Row) -> Text:
    """The hash of the version in Git, and below it that of the one which is live where it is another."""
    text = Text(_hash(row.git, row.pipeline) or _NONE)
    if row.git and row.live is not None and row.live != row.git:
        live = _hash(row.live, row.pipeline)
        text.append(f"\nlive {live[:_SHORT]}" if live else "\nnot there", "yellow")
    return text


def _hash(version: str, pipeline: str) -> str:
    return version.removeprefix(f"{pipeline}-")


def _coloured(word: str) -> Text:
    return Text(word, _COLOURS.get(word, ""))


def _last(row: Row, now: datetime) -> Text:
    """The newest run: its phase, when, how long, and its metric."""
    if row.run is None:
        return Text(_NONE, "dim")
    run = row.run
    colour = "green" if run.phase in WELL else "red" if run.phase in ILL else "cyan"
    text = Text(run.phase, colour)
    if since := run.finished or run.started:
        text.append(f" {_span((now - time_of(since)).total_seconds())} ago")
    metric = f"{run.headline[0]} {_number(run.headline[1])}" if run.headline else ""
    took = _span(run.seconds) if run.over and run.seconds is not None else ""
    more = ", ".join(filter(None, [took, metric]))
    return text.append(f"\n{more}") if more else text


def _next(row: Row, now: datetime) -> Text:
    if row.suspended:
        return Text("suspended", "yellow")
    if row.next is None:
        return Text(_NONE, "dim")
    days = (row.next.date() - now.astimezone(row.next.tzinfo).date()).days
    form = "%H:%M" if not days else "%a %H:%M" if days < _WEEK else "%d %b\n%H:%M"
    return Text(f"{row.next:{form}}")


def _troubles(row: Row, now: datetime) -> Iterator[Text]:
    """What Argo CD could not do, and how the newest run failed, with the last lines that its step printed."""
    if row.application and row.application.message:
        yield Text(_lines(f"{row.pipeline}: {row.application.sync}: {row.application.message}"), "yellow")
    if row.run and row.run.phase in ILL:
        where = f" in {row.run.step}" if row.run.step else ""
        said = f"{row.pipeline}: run {row.run.name} {row.run.phase.lower()}{where}"
        text = Text(_lines(f"{said}: {row.run.message}") if row.run.message else said, "red")
        for line in row.run.log.splitlines()[-_LINES:]:
            text.append(f"\n  {plain(line)}", "dim")
        for what, url in row.links.items():
            text.append(f"\n  {what}: {url}", "dim")
        yield text


def _lines(text: str) -> str:
    return "\n".join(map(printable, text.splitlines()))


def _unreached(finding: Finding) -> Text:
    return Text(report.one(finding), "magenta" if finding.verdict == "unchecked" else "red")


def _span(seconds: float) -> str:
    """A time in the largest unit that it has one of: `4 min`."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "s"))
    return f"{int(seconds // size)} {unit}"


def _number(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
