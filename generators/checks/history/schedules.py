"""Schedules that a change moves, suspends or takes away, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.checks.history.change import Change, Object
from generators.cron.words import in_words
from generators.model import Finding, Place

_KINDS = (("batch", "CronJob"), ("argoproj.io", "CronWorkflow"))


def findings(change: Change) -> Iterator[Finding]:
    """A warning for each schedule that is no longer what it was."""
    for identity, found in change.before.items():
        if (identity.group, identity.kind) not in _KINDS:
            continue
        before, after = in_words_of(found.object), change.after.get(identity)
        now = in_words_of(after.object) if after else "removed"
        if now != before:
            message = f"{identity.environment}/{identity.cluster}: the schedule {identity.name} changes"
            place = Place(after.file if after else found.file)
            yield Finding("warning", "history", "schedule", place, "", message, now, before, "make sure it is meant")


def is_schedule(obj: Object) -> bool:
    """Whether an object starts runs by the clock."""
    group, slash, _ = str(obj.get("apiVersion", "")).rpartition("/")
    return (group if slash else "", obj.get("kind")) in _KINDS


def in_words_of(obj: Object) -> str:
    """When a schedule runs, as `cron (zone), in words`."""
    spec: dict[str, Any] = obj.get("spec") or {}
    crons = spec.get("schedules") or [spec.get("schedule", "")]
    zone = spec.get("timezone") or spec.get("timeZone") or "UTC"
    said = "; ".join(f"{cron} ({in_words(cron)})" for cron in crons)
    return f"{said}, {zone}{', suspended' if spec.get('suspend') else ''}"
