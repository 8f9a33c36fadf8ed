"""CEL's functions of timestamps and durations.

Source: common/stdlib and common/types of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from generators.cel.errors import EvaluationError
from generators.cel.go_text import fixed
from generators.cel.library import Function, Library, Overload, member
from generators.cel.times import civil
from generators.cel.values import SECOND, Duration, Timestamp

_OFFSET = re.compile(r"([+-]?)([0-9]+):([0-9]+)")


def written_duration(value: Duration) -> str:
    """A duration in seconds: `1.5s`."""
    return fixed(float(Decimal(value.nanoseconds) / SECOND)) + "s"


def written_timestamp(value: Timestamp) -> str:
    """A timestamp of RFC 3339, in the zone that it was written in, with no more digits than it needs."""
    day = civil(value, value.offset)
    fraction = f".{value.nanoseconds % SECOND:09}".rstrip("0").rstrip(".")
    minutes = abs(value.offset) // 60
    zone = f"{'-' if value.offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}" if value.offset else "Z"
    return f"{day:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + fraction + zone


def _zone(value: Timestamp, name: str) -> int:
    """The offset of a zone at a moment, in seconds."""
    match = _OFFSET.fullmatch(name)
    if match:
        return (int(match[2]) * 3600 + int(match[3]) * 60) * (-1 if match[1] == "-" else 1)
    if ":" in name:
        hours, _, minutes = name.partition(":")
        wrong = hours if not re.fullmatch(r"[+-]?[0-9]+", hours) else minutes
        raise EvaluationError(f'strconv.Atoi: parsing "{wrong}": invalid syntax')
    try:
        zone = zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise EvaluationError(f"unknown time zone {name}") from None
    moment = datetime.datetime.fromtimestamp(value.nanoseconds // SECOND, datetime.UTC)
    return int((zone.utcoffset(moment.astimezone(zone)) or datetime.timedelta()).total_seconds())


def _parts(name: str, overload: str, read: Callable[[datetime.datetime], int]) -> tuple[Overload, ...]:
    return (
        member(overload, "timestamp", "int", lambda value: read(civil(value, 0))),
        member(
            f"{overload}_with_tz",
            "timestamp string",
            "int",
            lambda value, zone: read(civil(value, _zone(value, zone))),
        ),
    )


def _milliseconds() -> tuple[Overload, ...]:
    def read(value: Timestamp, *zone: str) -> int:
        for each in zone:
            _zone(value, each)
        return value.nanoseconds % SECOND // 10**6

    return (
        member("timestamp_to_milliseconds", "timestamp", "int", read),
        member("timestamp_to_milliseconds_with_tz", "timestamp string", "int", read),
    )


def _of_duration(unit: str, nanoseconds: int) -> Overload:
    def read(value: Duration) -> int:
        whole = abs(value.nanoseconds) // nanoseconds
        return -whole if value.nanoseconds < 0 else whole

    return member(f"duration_to_{unit}", "duration", "int", read)


def _function(name: str, overload: str, read: Callable[[datetime.datetime], Any], *more: Overload) -> Function:
    return Function(name, (*_parts(name, overload, read), *more))


LIBRARY = Library(
    0,
    (
        _function("getFullYear", "timestamp_to_year", lambda day: day.year),
        _function("getMonth", "timestamp_to_month", lambda day: day.month - 1),
        _function("getDayOfYear", "timestamp_to_day_of_year", lambda day: day.timetuple().tm_yday - 1),
        _function("getDayOfMonth", "timestamp_to_day_of_month", lambda day: day.day - 1),
        _function("getDate", "timestamp_to_day_of_month_1_based", lambda day: day.day),
        _function("getDayOfWeek", "timestamp_to_day_of_week", lambda day: day.isoweekday() % 7),
        _function("getHours", "timestamp_to_hours", lambda day: day.hour, _of_duration("hours", 3600 * SECOND)),
        _function("getMinutes", "timestamp_to_minutes", lambda day: day.minute, _of_duration("minutes", 60 * SECOND)),
        _function("getSeconds", "timestamp_to_seconds", lambda day: day.second, _of_duration("seconds", SECOND)),
        Function("getMilliseconds", (*_milliseconds(), _of_duration("milliseconds", 10**6))),
    ),
    builtin=True,
)
