"""When a pipeline runs by the clock, before and after, in words and with the next times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from generators.checks.history.schedules import in_words_of, is_schedule
from generators.cron.fire_times import fire_times
from generators.cron.grammar import NotASchedule
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
    spec = obj.get("spec") or {}
    if spec.get("suspend"):
        return
    zone = spec.get("timezone") or spec.get("timeZone") or "UTC"
    crons = spec.get("schedules") or [spec.get("schedule", "")]
    try:
        yield from fire_times(crons, zone, now)
    except (NotASchedule, LookupError, ValueError, AttributeError):
        return
