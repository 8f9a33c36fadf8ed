"""One process of a step: in a session of its own, its output as lines and in a log, ended whole when it must end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generators.errors import GraftError
from generators.runner import leftovers
from generators.runner.cancel import Token
from generators.runner.log import Lines, Log

GRACE = 3.0  # seconds from the polite signal to the one that cannot be refused
_CHUNK = 1 << 16  # bytes of output that are read at once


@dataclass(frozen=True)
class Command:
    """What to start: arguments, environment, working directory, and the file that gets all it prints."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path


@dataclass(frozen=True)
class Exit:
    """How a process ended: its exit status, and whether its deadline or a cancellation did it."""

    status: int
    timed_out: bool = False
    cancelled: bool = False


def run_process(command: Command, token: Token, timeout: float | None, on_line: Callable[[str], None]) -> Exit:
    """Run `command` to its end, which is the deadline's or the token's where they come first.

    Whatever it has started ends with it, as in a container: its process group, its session, and what has left both.
    `on_line` hears lines without control sequences. GraftError where it cannot be started, or its log not be written.
    """
    with command.log.open("ab", buffering=0) as log:
        process = _start(command)
        group = _Group(process, leftovers.of(command.log.parent, process.pid))
        reader = _Reader(process.stdout, Log(log), on_line, group)
        reader.start()
        deadline = threading.Timer(timeout, group.end, ("timeout",)) if timeout else None
        if deadline:
            deadline.daemon = True
            deadline.start()
        with token.calling(lambda: group.end("cancelled")):
            _wait(process)
        if deadline:
            deadline.cancel()
        group.over()
        status = process.wait()
        reader.join(GRACE)
    if reader.error:
        raise reader.error
    return Exit(status, group.ended_by == "timeout", group.ended_by == "cancelled")


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process to end without collecting it: its number, and its session's, are nobody else's until then."""
    if hasattr(os, "waitid"):  # not on macOS before Python 3.13
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()


class _Group:
    """The process group of a step, and all that has left it."""

    def __init__(self, process: subprocess.Popen[bytes], belongs: leftovers.Belongs) -> None:
        self._process, self._belongs = process, belongs
        self._lock = threading.Lock()
        self._over = False
        self._killer = threading.Timer(GRACE, self._kill)
        self._killer.daemon = True
        self.ended_by = ""

    def end(self, why: str) -> None:
        with self._lock:
            if self._over or self.ended_by:
                return
            self.ended_by = why
            self._signal(signal.SIGTERM)
            self._killer.start()

    def over(self) -> None:
        """The first process has ended: end what it has left behind."""
        with self._lock:
            self._over = True
            self._killer.cancel()
            self._signal(signal.SIGKILL)
        leftovers.kill(self._belongs)

    def _kill(self) -> None:
        with self._lock:
            if not self._over:
                self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, a group of zombies
            os.killpg(self._process.pid, number)


def _start(command: Command) -> subprocess.Popen[bytes]:
    name = command.arguments[0]
    try:
        return subprocess.Popen(
            list(command.arguments),
            env={**command.environment, leftovers.MARK: str(command.log.parent)},
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError:
        fix = "install it, or run the step elsewhere"
        raise GraftError(f"the command {name} is not on this machine", fix) from None
    except ValueError as error:  # a zero byte, or half of a surrogate pair
        raise GraftError(f"an argument or a variable cannot be handed to a process: {error}") from None
    except OSError as error:
        raise GraftError(f"the command {name} cannot be started: {error.strerror}") from None


class _Reader(threading.Thread):
    """Copies what a process prints. Where it cannot be told to the listener the process is ended, not left to block."""

    def __init__(self, stream: Any, log: Log, on_line: Callable[[str], None], group: _Group) -> None:
        super().__init__(daemon=True)
        self._stream, self._log, self._on_line, self._group = stream, log, on_line, group
        self.error: Exception | None = None

    def run(self) -> None:
        lines = Lines()
        try:
            while data := self._stream.read1(_CHUNK):
                self._log.write(data)
                for line in lines.take(data):
                    self._on_line(line)
            for line in lines.rest():
                self._on_line(line)
            self._log.close()
            self._stream.close()
        except Exception as error:
            self.error = error
            self._group.end("cancelled")
