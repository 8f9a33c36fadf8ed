"""A run until it is over, told step by step.

An engine is asked again and again; one that does not answer for a while is no reason to stop.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from generators.errors import Unreached
from generators.live.model import Run, Step

EVERY = 2.0  # seconds between two questions
PATIENCE = 300.0  # seconds without an answer after which nothing more is expected

Tell = Callable[[str, str, float, str], None]  # an event: its kind, the step's path, seconds, a text
_KINDS = {
    "RUNNING": "started",
    "SUCCEEDED": "succeeded",
    "REUSED": "reused",
    "SKIPPED": "skipped",
    "RETRIED": "retried",
    "FAILED": "failed",
}


def follow(ask: Callable[[], Run], tell: Tell, every: float = EVERY, patience: float = PATIENCE) -> Run:
    """The run once it is over; `ask` says how it is now. Unreached where nothing is heard of it any more."""
    told, heard = Told(tell), time.monotonic()
    while True:
        try:
            run = ask()
        except Unreached as unreached:
            told.silence(unreached)
            if time.monotonic() - heard > patience:
                raise
        else:
            heard = time.monotonic()
            told.of(run)
            if run.over:
                return run
        time.sleep(every)


@dataclass
class Told:
    """What has been told of a run: of each step its state and what it waits for."""

    tell: Tell
    states: dict[str, str] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    silent: str = ""

    def of(self, run: Run) -> None:
        """Tell what is new about a run."""
        if self.silent:
            self.silent = ""
            self.tell("output", run.name, 0.0, "it answers again")
        if not run.steps and run.message and not run.over:
            self._wait(run.name, run.name, run.message)
        for step in run.steps:
            self._step(step, run)

    def silence(self, unreached: Unreached) -> None:
        """Tell, once, that nothing is heard."""
        if unreached.message != self.silent:
            self.silent = unreached.message
            self.tell("output", "", 0.0, f"no answer: {unreached.message}; asking again")

    def _step(self, step: Step, run: Run) -> None:
        before, self.states[step.id] = self.states.get(step.id), step.state
        if step.state in ("WAITING", "RUNNING") and step.message:
            self._wait(step.id, step.path, step.message)
        if step.state in (before, "WAITING"):
            return
        if step.state in ("SUCCEEDED", "FAILED", "RETRIED") and before != "RUNNING":
            self.tell("started", step.path, 0.0, "")  # and ended between two questions
        self.tell(_KINDS[step.state], step.path, step.seconds, _why(step, run))

    def _wait(self, id: str, path: str, message: str) -> None:
        if self.waits.get(id) != message:
            self.waits[id] = message
            self.tell("output", path, 0.0, message)


def _why(step: Step, run: Run) -> str:
    """Why a step failed, with the last lines that it printed, where it is the one that the run failed of."""
    if step.state not in ("FAILED", "RETRIED"):
        return ""
    log = run.log if step.state == "FAILED" and step.path == run.step else ""
    return "\n".join(filter(None, [step.message, log]))
