"""Schedules as Kubernetes' CronJob and Argo's CronWorkflow read them: five fields, or a descriptor such as @daily.

Both leave a schedule that they cannot read in the object, and start nothing. The grammar is that of the library that
both use, https://pkg.go.dev/github.com/robfig/cron/v3: no seconds, no L, W or #, and Sunday is 0 alone.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# field, lowest, highest, names of its values from the lowest on
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_DESCRIPTORS = {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
_EVERY = re.compile(r"@every (\d+(\.\d+)?(h|m|s))+")
_ITEM = re.compile(r"([*?]|[a-z]+|\d+)(?:-([a-z]+|\d+))?(?:/(\d+))?")


def problem(cron: str) -> str:
    """Why `cron` is not a schedule, "" where it is one."""
    if cron.startswith("@"):
        known = cron in _DESCRIPTORS or _EVERY.fullmatch(cron)
        return "" if known else f"{cron} is not one of {', '.join(sorted(_DESCRIPTORS))}, @every 1h30m"
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        return f"{cron!r} has {len(fields)} fields, and a schedule has five: minute hour day-of-month month day-of-week"
    found = (_field(text, *bounds) for text, bounds in zip(fields, _FIELDS, strict=True))
    return next(filter(None, found), "") or _never(*fields[2:])


def timezone_problem(name: str) -> str:
    """Why `name` is not a time zone, "" where it is one, such as Europe/Berlin."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"{name!r} is not a time zone of the IANA database, such as Europe/Berlin or UTC"
    return ""


def _field(text: str, name: str, lowest: int, highest: int, names: tuple[str, ...]) -> str:
    for item in text.lower().split(","):
        match = _ITEM.fullmatch(item)
        if not match:
            return f"the {name} {text!r} is not a list of numbers, ranges and steps"
        first, last, step = match.groups()
        ends = [_number(end, lowest, names) for end in (first, last) if end and end not in "*?"]
        if None in ends or not all(lowest <= end <= highest for end in ends):
            return f"the {name} {text!r} is not within {lowest} to {highest}"
        if ends != sorted(ends) or (step and int(step) == 0) or (last and first in "*?"):
            return f"the {name} {text!r} is an empty range"
    return ""


def _never(days: str, months: str, weekdays: str) -> str:
    """Why days of a month never come; where days of the week are named too, either of them starts a run."""
    if weekdays[0] not in "*?":
        return ""
    first = min(_values(days, 1, 31, ()))
    longest = max(_LONGEST[month - 1] for month in _values(months, 1, 12, _MONTHS))
    return f"the day {first} never comes in the month {months!r}" if first > longest else ""


def _values(text: str, lowest: int, highest: int, names: tuple[str, ...]) -> list[int]:
    """What a field that has no problem stands for."""
    found: list[int] = []
    for first, last, step in (_ITEM.fullmatch(item).groups() for item in text.lower().split(",")):
        start = lowest if first in "*?" else _number(first, lowest, names)
        end = _number(last, lowest, names) if last else highest if first in "*?" or step else start
        found += range(start, end + 1, int(step or 1))
    return found


def _number(text: str, lowest: int, names: tuple[str, ...]) -> int | None:
    if text.isdigit():
        return int(text)
    return names.index(text) + lowest if text in names else None
