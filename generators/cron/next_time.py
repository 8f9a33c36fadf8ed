"""The next time at which a calendar schedule fires, as https://github.com/robfig/cron v3.0.1 finds it (spec.go).

The search looks for the month, then the day, hour, minute and second, and begins again with the month whenever a unit
passes its highest value: at January, at the first of a month, at 0 o'clock, at minute 0. Months and days are counted
on the calendar, hours and minutes by adding seconds. So an hour that the clocks skip is never seen, and one that they
repeat is seen twice. Where they skip the very value at which a unit begins again, the units above it are not looked at:
in America/Santiago, which skips from 24:00 on Saturday to 01:00 on Sunday, `30 5 * * 6` fires on that Sunday too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from generators.cron.grammar import Calendar

_YEARS = 5  # the library searches no further
_HOUR = 3600
_EPOCH = datetime(1970, 1, 1)


def next_time(calendar: Calendar, zone: tzinfo, after: int) -> int | None:
    """The first time after `after` (both seconds since 1970), None where there is none in the next five years."""
    search = _Search(zone, after + 1)
    last_year = search.now.year + _YEARS
    while search.now.year <= last_year:
        if all(found(calendar, search) for found in _UNITS):
            return search.at
    return None


class _Search:
    """A moment on its way to the next fire time: `at` in seconds since 1970, `now` as the zone's clocks show it."""

    def __init__(self, zone: tzinfo, at: int) -> None:
        self.zone = zone
        self.moved = False
        self.go(at)

    def go(self, at: int) -> None:
        self.at, self.now = at, datetime.fromtimestamp(at, self.zone)

    def pass_by(self, count: int, unit: int) -> None:
        """Go on by `count` units of so many seconds; by one where the clocks change meanwhile, so as to see it.

        Within a day, which is all that is passed by here, no zone's clocks change twice.
        """
        there = datetime.fromtimestamp(self.at + count * unit, self.zone)
        self.go(self.at + (count if there.utcoffset() == self.now.utcoffset() else 1) * unit)

    def go_to(self, shown: datetime) -> None:
        """Go to where the clocks show that; what they never show, or show twice, is as Go's time.Date has it."""
        seconds = (shown - _EPOCH) // timedelta(seconds=1)
        self.go(seconds - self._offset(seconds - self._offset(seconds)))

    def begin(self, shown: datetime) -> None:
        """Go to the beginning of the unit that does not fit, before the first move only."""
        if not self.moved:
            self.moved = True
            self.go_to(shown)

    def _offset(self, at: int) -> int:
        return datetime.fromtimestamp(at, self.zone).utcoffset() // timedelta(seconds=1)


def _month(calendar: Calendar, search: _Search) -> bool:
    while search.now.month not in calendar.months:
        search.begin(datetime(search.now.year, search.now.month, 1))
        shown = search.now.replace(tzinfo=None, fold=0)
        year, month = divmod(shown.year * 12 + shown.month, 12)  # month counts from 0: the next one
        search.go_to(shown.replace(year=year, month=month + 1, day=1) + timedelta(days=shown.day - 1))
        if search.now.month == 1:
            return False
    return True


def _day(calendar: Calendar, search: _Search) -> bool:
    while not calendar.on(search.now):
        search.begin(datetime(search.now.year, search.now.month, search.now.day))
        search.go_to(search.now.replace(tzinfo=None, fold=0) + timedelta(days=1))
        if hour := search.now.hour:  # there was no midnight
            search.go(search.at + (24 - hour if hour > 12 else -hour) * _HOUR)
        if search.now.day == 1:
            return False
    return True


def _hour(calendar: Calendar, search: _Search) -> bool:
    while search.now.hour not in calendar.hours:
        search.begin(search.now.replace(tzinfo=None, fold=0, minute=0, second=0))
        search.pass_by(_ahead(search.now.hour, calendar.hours, 24), _HOUR)
        if search.now.hour == 0:
            return False
    return True


def _minute(calendar: Calendar, search: _Search) -> bool:
    while search.now.minute not in calendar.minutes:
        if not search.moved:
            search.moved = True
            search.go(search.at - search.at % 60)
        search.pass_by(_ahead(search.now.minute, calendar.minutes, 60), 60)
        if search.now.minute == 0:
            return False
    return True


def _ahead(value: int, wanted: frozenset[int], end: int) -> int:
    """How far it is from a value to the next that is wanted, or to where the unit begins again."""
    return min((other for other in wanted if other > value), default=end) - value


def _second(_: Calendar, search: _Search) -> bool:
    """Schedules have no seconds: they fire at second 0."""
    if seconds := search.now.second:
        search.moved = True
        search.go(search.at + 60 - seconds)
        return False
    return True


_UNITS: tuple[Callable[[Calendar, _Search], bool], ...] = (_month, _day, _hour, _minute, _second)
