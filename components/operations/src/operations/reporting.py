"""What became of a run, as a commit status: once for each state, which the record remembers.

Before a status is sent the record says so, and after it that it was: of two that look at a record one alone sends it,
and whoever finds one that was left in between asks GitHub whether it is there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from operations.github import GitHub, Status
from operations.model import FAILED, RUNNING, STARTING, WELL
from operations.records import Record, Records

LONGEST = 140  # characters that GitHub takes of a description
STATES = {STARTING: "pending", RUNNING: "pending", FAILED: "failure"} | dict.fromkeys(WELL, "success")
HEADLINE = "accuracy"  # the metric that is told before others
UNKNOWN = "no commit of the branch names the version"


@dataclass(frozen=True)
class Reporting:
    """Where statuses go, and what they are called: `graft/<environment>/<cluster>/<pipeline>`."""

    github: GitHub
    records: Records
    environment: str
    cluster: str
    branch: str

    def report(self, record: Record, file: str) -> None:
        """Write a record's status, where its state has none yet, at the commit that brought its version to `file`.

        The file is one of those that are rendered for this cluster, by its path below that folder.
        """
        status = self.status(record)
        if record.data.get("posted") == status.state:
            return
        commit = record.data.get("commit") or self.github.commit(self._path(file), self.branch, record.run.version)
        if not commit:
            self.records.changed(record, posted=status.state, unposted=UNKNOWN)
            return
        begun = record.data.get("posting") == status.state
        if begun and status in self.github.statuses(commit, status.context):
            self.records.changed(record, posted=status.state)
            return
        claimed = self.records.changed(record, posting=status.state, commit=commit)
        self.github.post(commit, status)
        self.records.changed(claimed, posted=status.state)

    def _path(self, file: str) -> str:
        return f"rendered/{self.environment}/{self.cluster}/{file}"

    def status(self, record: Record) -> Status:
        """What a record says, as a status."""
        state = STATES.get(record.phase, "error")
        context = f"graft/{self.environment}/{self.cluster}/{record.run.pipeline}"
        return Status(context, state, described(record))


def described(record: Record) -> str:
    """A record in one line: its phase, then a metric where it succeeded, else where and why it did not."""
    more = headline(record.data.get("outputs", "")) if record.phase in WELL else _reason(record)
    text = f"{record.phase}: {more}" if more else f"{record.phase}: {record.run.name}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _reason(record: Record) -> str:
    message = " ".join(record.data.get("message", "").split())
    return ": ".join(part for part in (record.data.get("step"), message) if part)


def headline(outputs: str) -> str:
    """The metric that says most: the accuracy where there is one, in the step nearest to the root, else the first."""
    metrics = json.loads(outputs or "{}").get("metrics", {})
    named = [(step_and_name.rpartition(": ")[2], step_and_name, value) for step_and_name, value in metrics.items()]
    ordered = sorted(named, key=lambda it: (it[0] != HEADLINE, it[1].count("/"), it[1]))
    return f"{ordered[0][0]} {_number(ordered[0][2])}" if ordered else ""


def _number(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
