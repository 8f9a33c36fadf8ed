"""When the clocks of a time zone change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = 86400


@dataclass(frozen=True)
class Change:
    """A moment at which clocks that would show `before` show `after` instead; both without a time zone.

    After a later `after` what lies between never comes; after an earlier one it comes twice.
    """

    before: datetime
    after: datetime

    @property
    def gap(self) -> bool:
        """Whether the clocks go forward."""
        return self.after > self.before

    def touches(self, hour: int) -> bool:
        """Whether any of that hour of the day is skipped or repeated."""
        first, last = sorted((self.before, self.after))
        days = (first.date() + timedelta(days=day) for day in range((last - first).days + 2))
        begins = (datetime.combine(day, time(hour)) for day in days)
        return any(begin < last and first < begin + timedelta(hours=1) for begin in begins)


@lru_cache
def changes(zone: ZoneInfo, begin: date, years: int) -> tuple[Change, ...]:
    """The changes of a zone's clocks in the years from `begin` on, in order."""
    first = int(datetime.combine(begin, time(), UTC).timestamp())
    last = first + years * 366 * _DAY
    return tuple(_changes(zone, first, last))


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    for at in range(first, last, _DAY):  # no zone changes twice within a day
        before, after = _offset(zone, at), _offset(zone, at + _DAY)
        if before != after:
            moment = datetime.fromtimestamp(_moment(zone, at, at + _DAY), UTC).replace(tzinfo=None)
            yield Change(moment + before, moment + after)


def _moment(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second at which the offset is that at `high`; it changes once after `low`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
    return high


def _offset(zone: ZoneInfo, at: int) -> timedelta:
    return datetime.fromtimestamp(at, zone).utcoffset() or timedelta()
