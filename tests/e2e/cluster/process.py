"""Processes that the tests start: their logs, their end, and waiting for what they are to do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class CommandFailed(Exception):
    """A command that ended with another status than 0."""


@dataclass(frozen=True)
class Process:
    """A process that runs until `stop`; where it was entered through nsenter, that one's child is the process meant."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    entered: bool = False

    @property
    def ended(self) -> bool:
        """Whether it is no longer there."""
        return self.popen.poll() is not None

    def tail(self, lines: int = 20) -> str:
        """Its last words."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def stop(self, timeout: float = 10) -> None:
        """End it: ask by SIGTERM, and after `timeout` seconds insist."""
        self._signal(signal.SIGTERM)
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.popen.wait(timeout)

    def _signal(self, number: int) -> None:
        """nsenter passes no signal on, so what it started is told itself."""
        for pid in children(self.popen.pid) if self.entered else [self.popen.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def start(
    name: str, argv: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None, entered: bool = False
) -> Process:
    """Start a process in a session of its own, so that Ctrl-C reaches the tests alone; `env` is added to theirs."""
    with log.open("ab") as file:
        popen = subprocess.Popen(
            [str(item) for item in argv],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
    return Process(name, popen, log, entered)


def run(
    argv: Sequence[str | Path], input: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 120
) -> str:
    """What a command prints, given `input`; raises CommandFailed with its last words."""
    command = [str(item) for item in argv]
    whole = {**os.environ, **(env or {})}
    done = subprocess.run(
        command, input=input or "", env=whole, capture_output=True, text=True, timeout=timeout, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-4000:]
        raise CommandFailed(f"{' '.join(command)[:500]}: exited with status {done.returncode}: {said}")
    return done.stdout


def wait_until(
    condition: Callable[[], T],
    what: str,
    watching: Iterable[Process] = (),
    timeout: float = 180,
    every: float = 0.1,
    progress: Callable[[], object] = lambda: None,
) -> T:
    """The condition's first true answer; a command in it that fails counts as not yet. `what` follows "waiting for".

    Fails at once where a process of `watching` has ended, and after `timeout` seconds in which `progress` has given the
    same, with what the processes said last.
    """
    processes, reason = list(watching), ""
    seen, deadline = progress(), time.monotonic() + timeout
    while True:
        if time.monotonic() >= deadline:
            before, seen, deadline = seen, progress(), time.monotonic() + timeout
            if seen == before:
                break
        try:
            if answer := condition():
                return answer
        except CommandFailed as failed:
            reason = f": {failed}"
        for process in processes:
            if process.ended:
                raise RuntimeError(
                    f"{process.name} exited while waiting for {what}; its log ends with:\n{process.tail()}"
                )
        time.sleep(every)
    tails = "".join(f"\n{process.name}'s log ends with:\n{process.tail()}" for process in processes)
    raise TimeoutError(f"timed out after {timeout} s waiting for {what}{reason}{tails}")


def children(pid: int) -> list[int]:
    """The processes that a process has started, as this namespace numbers them."""
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    return []
