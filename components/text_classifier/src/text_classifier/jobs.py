"""One TFJob from its making to its end: the step that waits for it fails where the job does."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError

from text_classifier.objects import condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from text_classifier.objects import Kind

GRACE = 120.0  # seconds beyond the job's own deadline, for the operator to notice it


def run(jobs: Kind, document: dict[str, Any], deadline: float, say: Callable[[str], None], pause: float = 5.0) -> str:
    """Make the job, wait until it has succeeded, and return its name; one that is not waited for is deleted."""
    name = jobs.create(document)["metadata"]["name"]
    say(f"TFJob {name} in {jobs.namespace}")
    try:
        with _ended_by_signal():
            _wait(jobs, name, deadline + GRACE, say, pause)
    except Ended:
        raise  # it is kept for its ttlSecondsAfterFinished, so that a person can look at it
    except BaseException:
        jobs.delete(name)
        raise
    return name


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let the signal that ends a pod (its deadline, a person) raise, so that the job ends with the step."""
    if threading.current_thread() is not threading.main_thread():  # Python hears signals in this one alone
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise(*_: object) -> None:
    raise SystemExit("the step was ended from outside")


class Ended(StepError):
    """The job is over and has not succeeded."""


def _wait(jobs: Kind, name: str, longest: float, say: Callable[[str], None], pause: float) -> None:
    told, until = "", time.monotonic() + longest
    while time.monotonic() < until:
        found = jobs.get(name)
        if found is None:
            raise Ended(f"TFJob {name} was deleted before it had ended")
        for kind in ("Failed", "Succeeded"):
            if (met := condition(found, kind)) and met["status"] == "True":
                say(f"TFJob {name}: {kind}")
                if kind == "Succeeded":
                    return
                raise Ended(f"TFJob {name} failed: {met.get('reason', '')}: {met.get('message', '')}")
        now = _replicas(found)
        if now != told:
            say(f"TFJob {name}: {now or 'not begun'}")
            told = now
        time.sleep(pause)
    raise StepError(
        f"TFJob {name} has not ended after {longest:g} s, so it was deleted: is the training operator running?"
    )


def _replicas(found: dict[str, Any]) -> str:
    kinds = found.get("status", {}).get("replicaStatuses", {})
    return ", ".join(
        f"{kind} {count} {state}"
        for kind, states in sorted(kinds.items())
        for state, count in sorted(states.items())
        if count
    )
