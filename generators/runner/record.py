"""What happened in a run: told as events while it goes on, kept as `run.json` when it has ended."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generators.output.write import write_file_atomically
from generators.runner.results import Result, State, Values
from generators.runner.settings import Event

RUNNING = "RUNNING"  # the state of a step that has not ended yet
_KINDS = {State.SUCCEEDED: "succeeded", State.SKIPPED: "skipped", State.FAILED: "failed", State.ENDED: "ended"}


@dataclass(frozen=True)
class StepRecord:
    """One step: its path, how and when it ran, what went in and out, why it failed, where its log is, what it did.

    `attempts` is 0 for a step whose outputs were taken from an earlier run; `code` is a digest of what it does.
    """

    path: str
    state: str
    started: str
    seconds: float = 0.0
    attempts: int = 0
    inputs: Values = field(default_factory=Values)
    outputs: Values = field(default_factory=Values)
    reason: str = ""
    log: str = ""
    code: str = ""


class Unheard(Exception):
    """Whoever listens cannot be told any more, for which no step has failed; its cause is why."""


class Record:
    """The steps of a run, by path; `keep` is given each as it changes. Any thread may write to it."""

    def __init__(
        self, on_event: Callable[[Event], None], keep: Callable[[StepRecord], None] = lambda step: None
    ) -> None:
        self._on_event, self._keep = on_event, keep
        self._lock = threading.RLock()
        self._steps: dict[str, StepRecord] = {}
        self._clocks: dict[str, float] = {}

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """Everything recorded so far: steps in the order in which they were first heard of, and one that runs several
        times in a loop by the numbers of its iterations, whichever began first.
        """
        with self._lock:
            return tuple(ordered(self._steps))

    def tell(self, event: Event) -> None:
        """Hand an event to whoever listens, one at a time."""
        with self._lock:
            try:
                self._on_event(event)
            except Exception as error:
                raise Unheard from error

    def reused(self, path: str, inputs: Values, outputs: Values, code: str) -> None:
        """A step is not run: an earlier run has its outputs."""
        with self._lock:
            self._set(StepRecord(path, State.SUCCEEDED.value, now(), inputs=inputs, outputs=outputs, code=code))
            self.tell(Event("reused", path))

    def started(self, path: str, inputs: Values, log: Path | None, code: str = "") -> None:
        """A step begins, or begins again."""
        with self._lock:
            before = self._steps.get(path)
            attempts = before.attempts + 1 if before else 1
            self._clocks.setdefault(path, time.monotonic())
            start = before.started if before else now()
            self._set(StepRecord(path, RUNNING, start, 0.0, attempts, inputs, log=str(log or ""), code=code))
            self.tell(Event("started" if attempts == 1 else "retried", path))

    def ended(self, path: str, result: Result) -> None:
        """A step is over, or a task that never became one: skipped, or failed before it began."""
        with self._lock:
            step = self._steps.get(path) or StepRecord(path, "", now())
            seconds = time.monotonic() - self._clocks[path] if path in self._clocks else 0.0
            reason = result.failure.reason if result.failure else ""
            state, took = result.state.value, round(seconds, 3)
            self._set(replace(step, state=state, seconds=took, outputs=result.outputs, reason=reason))
            if result.state in _KINDS:
                self.tell(Event(_KINDS[result.state], path, seconds, reason))

    def _set(self, step: StepRecord) -> None:
        self._steps[step.path] = step
        self._keep(step)


def ordered(steps: Mapping[str, Any]) -> list[Any]:
    """Steps by path in the order in which they were first heard of, but iterations by their numbers."""
    first = {_without_numbers(path): at for at, path in reversed(list(enumerate(steps)))}
    paths = sorted(steps, key=lambda path: (first[_without_numbers(path)], _numbers(path)))
    return [steps[path] for path in paths]


def without_running(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step of a run that is over, which has ended with it where nothing was heard of its own end."""
    return {**step, "state": State.ENDED.value} if step.get("state") == RUNNING else dict(step)


def _without_numbers(path: str) -> str:
    return "/".join(part for part in path.split("/") if not part.isdecimal())


def _numbers(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/") if part.isdecimal())


def now() -> str:
    """This moment in UTC, as KFP writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write(file: Path, document: Mapping[str, Any]) -> None:
    """Write `document` as JSON, whole or not at all."""
    write_file_atomically(file, f"{as_json(document, indent=2)}\n", file.parent)


def as_json(document: Any, indent: int | None = None) -> str:
    """What a record holds as JSON, half of a surrogate pair as its escape."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, default=_plain)
    return text.encode("utf-8", "backslashreplace").decode()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else asdict(value)
