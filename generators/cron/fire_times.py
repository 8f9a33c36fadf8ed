"""When schedules fire: every expression by itself, as both controllers have it, and then as one list."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from generators.cron.grammar import Calendar, Every, parse
from generators.cron.next_time import next_time
from generators.cron.zones import zone


def fire_times(crons: Iterable[str], timezone: str, after: datetime) -> Iterator[datetime]:
    """The times after `after` at which any of `crons` fires, in order and each once, as clocks in `timezone` show them.

    It has no end unless every schedule has one: an expression ends where it does not fire for five years. `@every` is
    reckoned from `after`. Raises NotASchedule, ZoneInfoNotFoundError, and ValueError where `after` has no time zone.
    """
    if after.tzinfo is None:
        raise ValueError("the time to begin after has no time zone")
    clocks, begin = zone(timezone), int(after.timestamp() // 1)
    return _merged([seconds(parse(cron), clocks, begin) for cron in crons], clocks)


def seconds(schedule: Calendar | Every, clocks: ZoneInfo, after: int) -> Iterator[int]:
    """The times after `after` at which one schedule fires, each reckoned from the one before, in seconds since 1970."""
    at: int | None = after
    while (at := _following(schedule, clocks, at)) is not None:
        yield at


def _following(schedule: Calendar | Every, clocks: ZoneInfo, after: int) -> int | None:
    return after + schedule.seconds if isinstance(schedule, Every) else next_time(schedule, clocks, after)


def _merged(times: Iterable[Iterator[int]], clocks: ZoneInfo) -> Iterator[datetime]:
    last = None
    for at in heapq.merge(*times):  # times of one zone compare by what clocks show, seconds by what is first
        if at != last:
            yield datetime.fromtimestamp(at, clocks)
        last = at
