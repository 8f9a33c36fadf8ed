"""When a pipeline runs by the clock, before and after, in words and with the next times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from generators.checks.history.schedules import in_words_of, is_schedule
from generators.cron.fire_times import fire_times
from generators.cron.grammar import NotASchedule
from generators.cron.warnings import clock_warnings
from generators.diff.model import Schedule

_SHOWN = 3
_FORM = "%a %Y-%m-%d %H:%M %Z"


def schedule(before: list[Any], after: list[Any], now: datetime) -> Schedule | None:
    """The change of a folder's schedule, None where it is as it was."""
    was, is_ = (_said(objects) for objects in (before, after))
    return None if was == is_ else Schedule(was, is_, times(after, now))


def times(objects: list[Any], now: datetime) -> tuple[str, ...]:
    """The next times at which what is scheduled here fires; none where it is suspended."""
    return tuple(f"{time:{_FORM}}" for obj in _schedules(objects) for time in islice(_times(obj, now), _SHOWN))


def warnings(before: list[Any], after: list[Any], now: datetime) -> Iterator[str]:
    """What changes of the clocks do to a schedule that is new, as `graft check` says it."""
    known = {_spec(obj) for obj in _schedules(before)}
    for obj in (each for each in _schedules(after) if _spec(each) not in known):
        crons, zone, suspended = _spec(obj)
        with suppress(NotASchedule, LookupError, ValueError):
            yield from (each.message for each in clock_warnings([] if suspended else crons, zone, now.date()))


def _spec(obj: dict[str, Any]) -> tuple[tuple[str, ...], str, bool]:
    """The expressions of a schedule, its time zone, and whether it is suspended."""
    spec = obj.get("spec") or {}
    crons = spec.get("schedules") or [spec.get("schedule", "")]
    return tuple(crons), spec.get("timezone") or spec.get("timeZone") or "", bool(spec.get("suspend"))


def _said(objects: list[Any]) -> str:
    return "; ".join(_words(obj) for obj in _schedules(objects))


def _words(obj: dict[str, Any]) -> str:
    try:
        return in_words_of(obj)
    except NotASchedule:
        return str(obj.get("spec", {}).get("schedule") or obj.get("spec", {}).get("schedules"))


def _schedules(objects: list[Any]) -> Iterator[dict[str, Any]]:
    return (obj for obj in objects if isinstance(obj, dict) and is_schedule(obj))


def _times(obj: dict[str, Any], now: datetime) -> Iterator[datetime]:
    crons, zone, suspended = _spec(obj)
    if suspended:
        return
    try:
        yield from fire_times(crons, zone or "UTC", now)
    except (NotASchedule, LookupError, ValueError, AttributeError):
        return
