"""The processes that a step has left running, wherever they have gone, and their end.

They are known by a variable that every step is given and that what it starts inherits, and by the step's session, which
nobody else can have while its first process is not collected. A process's number alone is never trusted: the kernel
gives it to another one later. Read from Linux' /proc; elsewhere none are found.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

MARK = "GRAFT_STEP"  # in the environment of all that a step starts: the step's folder
_PATIENCE = 2.0  # seconds for the kernel to end what it was told to
_PROCESSES = Path("/proc")

Belongs = Callable[[int], bool]  # whether the process of a number is one of those that are meant


def of(folder: Path, session: int = 0) -> Belongs:
    """The processes of the step or the run that has this folder, with those of a step's session."""
    mark = f"{MARK}={folder}".encode()

    def belongs(pid: int) -> bool:
        return pid != os.getpid() and (_has(pid, mark) or (session > 0 and _session(pid) == session))

    return belongs


def kill(belongs: Belongs) -> int:
    """End at once what belongs, and what it starts meanwhile; how many there were."""
    seen: set[int] = set()
    until = time.monotonic() + _PATIENCE
    while (found := _found(belongs)) and time.monotonic() < until:
        seen.update(found)
        _send(found, signal.SIGKILL, belongs)
        time.sleep(0.01)
    return len(seen)


def end(belongs: Belongs, grace: float) -> int:
    """Ask what belongs to end, and after `grace` seconds end it; how many there were."""
    found = _found(belongs)
    _send(found, signal.SIGTERM, belongs)
    until = time.monotonic() + grace
    while time.monotonic() < until and _found(belongs):
        time.sleep(0.05)
    kill(belongs)
    return len(found)


def _found(belongs: Belongs) -> list[int]:
    names = [each.name for each in _PROCESSES.iterdir()] if _PROCESSES.is_dir() else []
    return [int(name) for name in names if name.isdigit() and belongs(int(name))]


def _send(pids: list[int], number: signal.Signals, belongs: Belongs) -> None:
    """Signal each by a handle that was opened before it is looked at, so that it is nobody else."""
    for pid in pids:
        with contextlib.suppress(OSError):
            handle = os.pidfd_open(pid)
            try:
                if belongs(pid):
                    signal.pidfd_send_signal(handle, number)
            finally:
                os.close(handle)


def _has(pid: int, mark: bytes) -> bool:
    """Whether a process that runs has a variable that is the mark, or a path below it."""
    try:
        variables = (_PROCESSES / str(pid) / "environ").read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return False
    return mark in variables and any((each + b"/").startswith(mark + b"/") for each in variables.split(b"\0"))


def _session(pid: int) -> int:
    """The session of a process that runs, 0 where it does not; proc(5) says what stands where."""
    try:
        said = (_PROCESSES / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0
    return 0 if said[0] in (b"Z", b"X") else int(said[3])
