"""Durations and timestamps as Go reads them; a ValueError where a text is none.

Source: time.ParseDuration, and time.Parse with RFC 3339, of Go's standard library.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from generators.cel.errors import EvaluationError
from generators.cel.operators import FIRST, LAST
from generators.cel.values import SECOND, Duration, Timestamp

_UNITS = {"ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 10**6, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND}
_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def duration_of(text: str) -> Duration:
    """A duration such as `1h30m` or `1.5s`."""
    negative, rest = text.startswith("-"), text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return Duration(0)
    total, place = Fraction(0), 0
    while place < len(rest) or not rest:
        part = _PART.match(rest, place)
        if not part or not (part[1] or part[2]) or part[3] not in _UNITS:
            raise ValueError(text)
        unit = _UNITS[part[3]]
        total += int(part[1] or 0) * unit + int(Fraction(int(part[2] or 0), 10 ** len(part[2] or "")) * unit)
        place = part.end()
    if total > 2**63 - (0 if negative else 1):
        raise ValueError(text)
    return Duration(-int(total) if negative else int(total))


def timestamp_of(text: str) -> Timestamp:
    """A timestamp of RFC 3339."""
    match = _RFC3339.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    offset = _offset(match[8])
    nanoseconds = int((match[7] or "")[:9].ljust(9, "0"))
    days = _days(year, month, day)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(text)
    moment = (days * 86400 + hour * 3600 + minute * 60 + second - offset) * SECOND + nanoseconds
    if not FIRST <= moment <= LAST:
        raise EvaluationError("timestamp overflow")
    return Timestamp(moment, offset)


def civil(timestamp: Timestamp, offset: int) -> datetime.datetime:
    """The date and the time of day in a zone, without the part of a second; within the years 1 to 9999."""
    seconds = timestamp.nanoseconds // SECOND + offset
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


def _days(year: int, month: int, day: int) -> int:
    if year == 0:  # Go has a year 0, a leap year
        return _days(400, month, day) - 146097
    return datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:])
    if hours > 24 or minutes > 60:
        raise ValueError(zone)
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)
