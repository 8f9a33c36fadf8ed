"""What a change of the clocks does to a schedule, for whoever declares it.

Fire times are compared with the times that the expression names, as clocks without changes would show them:

    skipped    named, and does not fire
    repeated   fires twice
    added      fires, and is not named

The first two mostly lie in what the clocks skip or repeat. But after a gap at midnight the library does not see the day
change (see `next_time`), and after a gap that is no whole hour it goes on at wrong minutes: then a schedule that names
days loses or gains the whole day, and in Australia/Lord_Howe most schedules lose one. CronJob fires as said here;
CronWorkflow, which reckons anew every 20 minutes, mostly fires as named.

No operator wants to hear of every skipped hour of an hourly schedule: it goes on firing every hour. So a time that is
skipped or repeated, or a row of them, is left out where the named times before and after it are within an hour of it.
`*/10 0-6 * * *` is not spoken of; `0 */2 * * *` is, as once it fires after three hours, and once after one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, takewhile
from zoneinfo import ZoneInfo

from generators.cron.changes import Change, changes
from generators.cron.fire_times import seconds
from generators.cron.grammar import Calendar, Every, parse
from generators.cron.zones import UTC, zone

SKIPPED, REPEATED, ADDED = "skipped", "repeated", "added"
YEARS = 2
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Effect:
    """A time, as clocks show it, that a change of the clocks drops, doubles or adds."""

    kind: str
    shown: datetime
    change: Change


def clock_changes(cron: str, timezone: str, begin: date, years: int = YEARS) -> list[Effect]:
    """What changes of the clocks do to an expression in the years from `begin` on, in order; raises NotASchedule."""
    schedule = parse(cron)
    return [] if isinstance(schedule, Every) else list(_effects(schedule, zone(timezone), begin, years))


def safe_hours(cron: str, timezone: str, begin: date, years: int = YEARS) -> list[int]:
    """The hours of the day in which the schedule, with its days as they are, would lose and gain nothing.

    None of them is touched by a change of the zone's clocks, on whatever day that falls.
    """
    schedule, clocks = parse(cron), zone(timezone)
    known = changes(clocks, begin, years)
    untouched = (hour for hour in range(24) if not any(change.touches(hour) for change in known))
    if isinstance(schedule, Every):
        return list(untouched)
    return [hour for hour in untouched if not any(_effects(_at(schedule, hour), clocks, begin, years))]


def _at(calendar: Calendar, hour: int) -> Calendar:
    return replace(calendar, minutes=frozenset({0, 30}), hours=frozenset({hour}))


def _effects(calendar: Calendar, clocks: ZoneInfo, begin: date, years: int) -> Iterator[Effect]:
    if calendar.hourly:
        return
    for change in changes(clocks, begin, years):
        first = datetime.combine(min(change.before, change.after).date() - _DAY, time())
        last = datetime.combine(max(change.before, change.after).date() + 3 * _DAY, time())
        named, fired = (_shown(calendar, where, first, last) for where in (zone(UTC), clocks))
        yield from (Effect(*found, change) for found in _differences(named, Counter(fired)))


def _differences(named: list[datetime], fired: Counter[datetime]) -> Iterator[tuple[str, datetime]]:
    places = range(len(named))
    for count, group in groupby(places, lambda place: fired[named[place]]):
        affected = list(group)
        if count != 1 and not _goes_on(named, affected[0], affected[-1]):
            yield from ((REPEATED if count else SKIPPED, named[place]) for place in affected)
    yield from ((ADDED, shown) for shown in sorted(set(fired).difference(named)))


def _goes_on(named: list[datetime], first: int, last: int) -> bool:
    """Whether the times named before the first of a row and after its last are within an hour of it."""
    inside = first > 0 and last + 1 < len(named)
    return inside and named[first] - named[first - 1] <= _HOUR and named[last + 1] - named[last] <= _HOUR


def _shown(calendar: Calendar, clocks: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The fire times from `first` on and before `last`, as the clocks show them.

    Where the search begins does not matter, as long as it is a midnight before the change: days pass it by midnights.
    """
    begin, end = (int(shown.replace(tzinfo=clocks).timestamp()) for shown in (first, last))
    times = takewhile(lambda at: at < end, seconds(calendar, clocks, begin - 1))
    return [datetime.fromtimestamp(at, clocks).replace(tzinfo=None, fold=0) for at in times]
