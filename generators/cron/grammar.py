"""Expressions as https://github.com/robfig/cron v3.0.1 reads them (parser.go): five fields, or one such as @daily.

A field is a list of `*`, `?`, N, N-M, with /STEP; N/STEP goes to the field's highest value. There are no seconds, no L,
W or #, and Sunday is 0 alone. What the library reads though it can only be a slip is refused here: empty items of a
list (`1,,2`), a sign (`+5`), an end behind a star (`*-5`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVERY = "@every "
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(rf"({_NUMBER})({'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_DURATION = re.compile(rf"[-+]?(?:0|(?:{_PART.pattern})+)")
_LARGEST = 2**63 - 1  # of Go's integers, and of its durations in nanoseconds
_ITEM = re.compile(r"([*?]|[a-z]+|[0-9]+)(?:-([a-z]+|[0-9]+))?(?:/([0-9]+))?")


class NotASchedule(ValueError):
    """An expression that the controllers would not read; its text says why."""


@dataclass(frozen=True)
class Bounds:
    """What a field may hold: numbers from `lowest` to `highest`, and names of its values from the lowest on."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()


MINUTE = Bounds("minute", 0, 59)
HOUR = Bounds("hour", 0, 23)
DAY = Bounds("day of the month", 1, 31)
MONTH = Bounds("month", 1, 12, _MONTHS)
WEEKDAY = Bounds("day of the week", 0, 6, _DAYS)
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY)


@dataclass(frozen=True)
class Calendar:
    """The minutes, hours and days at which a schedule fires.

    `both` says that a day must be one of `days` and one of `weekdays`, which is so where either field has a star;
    otherwise one of the two is enough. A star with a step above one is no star: `0 0 1-7 * */2` fires on the first
    seven days, and on every Sunday, Tuesday, Thursday and Saturday.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both: bool

    @property
    def daily(self) -> bool:
        """Whether it names no days."""
        full = (len(self.days) == DAY.highest, len(self.weekdays) == WEEKDAY.highest + 1)
        return len(self.months) == MONTH.highest and (all(full) if self.both else any(full))

    @property
    def hourly(self) -> bool:
        """Whether it fires in every hour of every day."""
        return len(self.hours) == HOUR.highest + 1 and self.daily

    def on(self, day: date) -> bool:
        """Whether it fires on that day, if it fires in that month at all."""
        found = (day.day in self.days, day.isoweekday() % 7 in self.weekdays)
        return all(found) if self.both else any(found)


@dataclass(frozen=True)
class Every:
    """A schedule that fires a number of seconds after whatever it is reckoned from."""

    seconds: int


def parse(cron: str) -> Calendar | Every:
    """What an expression says; raises NotASchedule."""
    if cron.startswith(_EVERY):
        return Every(_seconds(cron.removeprefix(_EVERY)))
    if cron.startswith("@") and cron not in DESCRIPTORS:
        raise NotASchedule(f"{cron} is not one of {', '.join(sorted(DESCRIPTORS))}")
    fields = DESCRIPTORS.get(cron, cron).split()
    if len(fields) != len(FIELDS):
        wanted = "minute hour day-of-month month day-of-week"
        raise NotASchedule(f"{cron!r} has {len(fields)} fields, and a schedule has five: {wanted}")
    values = (frozenset(_values(text, bounds)) for text, bounds in zip(fields, FIELDS, strict=True))
    return Calendar(*values, both=_starred(fields[2]) or _starred(fields[4]))


def _values(text: str, bounds: Bounds) -> Iterator[int]:
    """What the items of a field stand for."""
    for item in text.lower().split(","):
        match = _ITEM.fullmatch(item)
        if not match or (match[2] and match[1] in "*?"):
            raise NotASchedule(f"the {bounds.name} {text!r} is not a list of numbers, ranges and steps")
        first, last, step = match.groups()
        star = first in "*?"
        start = bounds.lowest if star else _number(first, text, bounds)
        end = _number(last, text, bounds) if last else bounds.highest if star or step else start
        if start > end or not 0 < int(step or 1) <= _LARGEST:
            raise NotASchedule(f"the {bounds.name} {text!r} is an empty range")
        yield from range(start, end + 1, int(step or 1))


def _number(text: str, field: str, bounds: Bounds) -> int:
    number = bounds.names.index(text) + bounds.lowest if text in bounds.names else int(text) if text.isdigit() else -1
    if not bounds.lowest <= number <= bounds.highest:
        raise NotASchedule(f"the {bounds.name} {field!r} is not within {bounds.lowest} to {bounds.highest}")
    return number


def _starred(field: str) -> bool:
    return any(re.fullmatch(r"[*?](/0*1)?", item) for item in field.split(","))


def _seconds(duration: str) -> int:
    """A duration as Go's time.ParseDuration reads it, in whole seconds, of which there is at least one."""
    total = sum(_nanoseconds(number, _UNITS[unit]) for number, unit in _PART.findall(duration))
    if not _DURATION.fullmatch(duration) or total > _LARGEST:
        raise NotASchedule(f"{duration!r} is not a duration such as 1h30m")
    return max(total // 10**9, 1) if not duration.startswith("-") else 1


def _nanoseconds(number: str, unit: int) -> int:
    """Of a fraction, what Go's floating-point arithmetic keeps."""
    whole, _, fraction = number.partition(".")
    return int(whole or 0) * unit + (int(int(fraction) * (unit / 10 ** len(fraction))) if fraction else 0)
