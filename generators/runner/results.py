"""The nouns of a local run: what goes into a task, what comes out of it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from generators.errors import GraftError

RECORD = "run.json"  # the file of a run that has ended
Artifact = dict[str, Any]  # KFP's RuntimeArtifact: {name, type, uri, metadata}


class State(StrEnum):
    """How a task ended. NOT_RUN is a task whose upstream failed, ENDED one stopped by the failure of another."""

    SUCCEEDED = "SUCCEEDED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"
    ENDED = "ENDED"
    NOT_RUN = "NOT_RUN"

    @property
    def broken(self) -> bool:
        """Whether nothing that needs this task's success can run."""
        return self in (State.FAILED, State.ENDED, State.NOT_RUN)


@dataclass(frozen=True)
class Values:
    """Parameters and artifacts by name, into a task or out of it. An artifact is always a list, mostly of one."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, list[Artifact]] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """The step that failed first, why, and its log where it came to have one."""

    step: str
    reason: str
    log: Path | None = None

    @classmethod
    def of(cls, error: GraftError, step: str, log: Path | None = None) -> Failure:
        """The failure of `step` that `error` is; its log is named where there is one."""
        reason = f"{error.message} ({error.fix})" if error.fix else error.message
        return cls(step, reason, log if log and log.is_file() else None)


@dataclass(frozen=True)
class Result:
    """How a task ended, and what it gave; `is_new` unless all of that was taken from an earlier run."""

    state: State
    outputs: Values = Values()
    failure: Failure | None = None
    is_new: bool = True


@dataclass(frozen=True)
class Location:
    """Where a task stands: its path, what stands in a path for each task inside it, once that is known, and its key.

    `must_run` says that it waits for something new, so that nothing in it is taken from an earlier run.
    """

    path: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    task: str = ""
    must_run: bool = False

    def __str__(self) -> str:
        return "/".join(self.path)

    def uuid(self, names: Mapping[str, str]) -> str:
        """The id of the task there, in the run of the job that has these names."""
        return str(uuid5(UUID(names["pipeline_job_uuid"]), str(self)))

    def below(self, part: str, task: str = "") -> Location:
        """The place of a task inside this one, or of an iteration of the same task; with names of its own."""
        return Location((*self.path, part), task=task or self.task, must_run=self.must_run)
