"""The way of a process from trusted code into its walls, and the end of what is left of one that had none."""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from generators.sandbox import landlock, machine, seccomp
from generators.sandbox.held import Held
from generators.sandbox.limits import Limits
from generators.sandbox.readable import Readable

WHERE = signal.SIGUSR1  # has a process write at which line it is
NOT_CONTAINED = 97  # the status of a process that could not be put behind its walls
_ANSWER, _WHERE_TO, _CONTROL, _FIRST_FREE = 3, 4, 5, 6


def start(
    job: Callable[[int], None], readable: Readable, limits: Limits, held: Held
) -> tuple[int, dict[str, int], tuple[int, int] | None]:
    """The id of a process that runs a job behind the walls, the ends of its pipes by name, and two descriptors more:
    where its calls come in, and its memory, None where it is not supervised.

    The pipes are "answer", "printed" and "where", and do not block.
    """
    pipes = {name: os.pipe() for name in ("answer", "printed", "where")}
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    id_ = os.fork()
    if not id_:
        _be_contained(job, {name: ends[1] for name, ends in pipes.items()}, its, readable, limits, held)
    its.close()
    for _, end in pipes.values():
        os.close(end)
    supervised = _received(ours, id_) if held.seccomp else None
    ours.close()
    for end, _ in pipes.values():
        os.set_blocking(end, False)
    return id_, {name: end for name, (end, _) in pipes.items()}, supervised


def _received(control: socket.socket, process: int) -> tuple[int, int] | None:
    """The descriptor that the process has sent before it runs anything of the job, and that of its memory.

    It waits for this to have both. None where it has ended.
    """
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not descriptors:
        return None
    memory = os.open(f"/proc/{process}/mem", os.O_RDONLY | os.O_CLOEXEC)
    control.send(b"!")
    return descriptors[0], memory


def _be_contained(
    job: Callable[[int], None],
    ends: dict[str, int],
    control: socket.socket,
    readable: Readable,
    limits: Limits,
    held: Held,
) -> None:
    """Never returns; whatever happens, this process ends here."""
    status = NOT_CONTAINED
    try:
        _keep_only(ends, control)
        faulthandler.register(WHERE, _WHERE_TO, all_threads=False)
        _enter(readable, limits, held)
        status = 1
        job(_ANSWER)
        status = 0
    except BaseException:
        with suppress(BaseException):
            traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _keep_only(ends: dict[str, int], control: socket.socket) -> None:
    """Keep, of all descriptors, the ends of this process's own pipes."""
    null = os.open(os.devnull, os.O_RDONLY)
    taken = [null, ends["printed"], ends["printed"], ends["answer"], ends["where"], control.detach()]
    high = [os.dup(each) for each in taken]
    beyond = max(high) + 1
    raised = [os.dup2(each, beyond + at) for at, each in enumerate(high)]
    for at, each in enumerate(raised):
        os.dup2(each, at)
    os.closerange(_FIRST_FREE, os.sysconf("SC_OPEN_MAX"))
    os.chdir("/")


def _enter(readable: Readable, limits: Limits, held: Held) -> None:
    os.setsid()
    if held.limits:
        limits.apply()
    if sys.platform == "linux":
        machine.end_with_parent(signal.SIGKILL)
    if held.seccomp or held.landlock:
        machine.gain_nothing()
    if held.landlock:  # behind the filter it opens nothing itself
        landlock.restrict(() if held.seccomp else readable.folders)
    with socket.socket(fileno=_CONTROL) as control:
        if held.seccomp:  # from here on, whatever names a path waits for who receives this
            listener = seccomp.install(_CONTROL, os.getpid())
            control.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", listener))])
            os.close(listener)
            os.read(_CONTROL, 1)


def end_leftovers(kept: set[int], held: Held) -> None:
    """End what a process without a filter has left running, which has become a child of this one."""
    if held.seccomp or sys.platform != "linux":
        return
    while strangers := _children() - kept:
        for stranger in strangers:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(stranger, signal.SIGKILL)
                os.waitpid(stranger, 0)


def _children() -> set[int]:
    with suppress(OSError):
        return {int(each) for each in Path("/proc/self/task", str(os.getpid()), "children").read_text().split()}
    return set()
