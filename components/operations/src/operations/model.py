"""A run, what became of it, and a version that runs are made of, whatever engine has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STARTING, RUNNING, REFUSED = "Starting", "Running", "Refused"  # a record's phases while no end is known
SUCCEEDED, FAILED, ERROR, LOST = "Succeeded", "Failed", "Error", "Lost"
OPEN = (STARTING, RUNNING, REFUSED)
WELL = (SUCCEEDED, "Skipped")  # Skipped: KFP took everything from its cache


@dataclass(frozen=True)
class Run:
    """A run by its name, and the version of the pipeline that it runs, by its name too."""

    name: str
    pipeline: str
    version: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its phase as the engine calls it, times in RFC 3339, outputs as far as the engine has them.

    `outputs` is `{"parameters": {name: value}, "metrics": {"step: name": value}}`; `step` is the one that failed, by
    its path, and `log` the last lines that it printed.
    """

    phase: str
    message: str = ""
    started: str = ""
    finished: str = ""
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    step: str = ""
    log: str = ""


@dataclass(frozen=True)
class Seen:
    """A run that an engine has: the engine's own id of it, and its outcome once it is over."""

    run: Run
    id: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Version:
    """A WorkflowTemplate or a PipelineVersion that graft has rendered; `created` orders them, in RFC 3339."""

    name: str
    pipeline: str
    created: str
    uid: str


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def text_of(time: datetime) -> str:
    """A time in RFC 3339, to the second, as Kubernetes writes it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: str) -> datetime:
    """The time that RFC 3339 says; the beginning of all times for no text."""
    return datetime.fromisoformat(text) if text else datetime.fromtimestamp(0, UTC)


def as_json(outputs: Mapping[str, Mapping[str, Any]]) -> str:
    """Outputs in one line, their keys in order."""
    return json.dumps(outputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
