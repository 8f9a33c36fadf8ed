"""What `clock_changes` finds, as a reader of messages is told it: what happens when, and which hours are safe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from generators.cron.clock_changes import ADDED, REPEATED, SKIPPED, YEARS, Effect, clock_changes, safe_hours
from generators.cron.zones import UTC

_VERBS = {SKIPPED: "does not fire", REPEATED: "fires twice", ADDED: "fires though it names no such time,"}
_FEW = 3  # times of a day that are named one by one


@dataclass(frozen=True)
class ClockWarning:
    """An expression of a schedule that changes of the clocks touch: what they do to it, and what to do about it."""

    cron: str
    message: str
    fix: str


def clock_warnings(crons: Iterable[str], timezone: str, begin: date, years: int = YEARS) -> list[ClockWarning]:
    """A warning for each of `crons` that the clocks of `timezone` touch in the years from `begin` on.

    All of `crons` and `timezone` are without a problem. `begin` is the caller's, so that what is found depends on no
    clock; the same zone may have other rules where the database of time zones is another.
    """
    found = ((cron, clock_changes(cron, timezone, begin, years)) for cron in crons)
    return [
        ClockWarning(cron, _message(cron, timezone or UTC, effects), _fix(cron, timezone or UTC, begin, years))
        for cron, effects in found
        if effects
    ]


def _message(cron: str, timezone: str, effects: Sequence[Effect]) -> str:
    """Dates with the same times stand together."""
    dates: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (kind, day), group in groupby(effects, lambda effect: (effect.kind, effect.shown.date())):
        dates[kind, _times([effect.shown for effect in group])].append(str(day))
    happens = [f"{_VERBS[kind]} {times} on {_listed(days)}" for (kind, times), days in dates.items()]
    return f"{cron!r} {_listed(happens)}, where the clocks of {timezone} change"


def _fix(cron: str, timezone: str, begin: date, years: int) -> str:
    hours = safe_hours(cron, timezone, begin, years)
    if not hours:
        return f"give UTC as its time zone: with the clocks of {timezone} no hour of the day is safe for it"
    return f"keep to the hours {_ranges(hours)}, which no change of the clocks touches, or give UTC as its time zone"


def _times(shown: Sequence[datetime]) -> str:
    times = [f"{time:%H:%M}" for time in shown]
    return f"at {_listed(times)}" if len(times) <= _FEW else f"at the {len(times)} times from {times[0]} to {times[-1]}"


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _ranges(hours: Sequence[int]) -> str:
    """Hours in order, rows of them as their first and last: 0-1 and 3-23."""
    rows = [[hour for _, hour in row] for _, row in groupby(enumerate(hours), lambda item: item[1] - item[0])]
    return _listed([f"{row[0]}-{row[-1]}" if len(row) > 1 else str(row[0]) for row in rows])
