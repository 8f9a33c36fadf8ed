"""Run functions in contained processes, several at a time, and take what they write as bytes that prove nothing."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.sandbox import entering
from generators.sandbox.held import Held
from generators.sandbox.limits import Limits
from generators.sandbox.looked import Looked
from generators.sandbox.readable import Readable
from generators.sandbox.supervisor import Supervisor

Job = Callable[[int], None]  # writes its answer to a descriptor
_TICK = 50  # milliseconds between looks at the clock
_GRACE = 1.0  # seconds that a process has to say at which line it is
_CHUNK = 1 << 16
_KEPT = 1 << 16  # bytes of what was printed, and of where the process was


@dataclass
class Ended:
    """How a process ended: its answer, the last that it printed, where it was when that was asked, and its status.

    The status is negative for a signal. `over` is the limit that it was ended for: "seconds", "answer" or "printed".
    `looked` is as `Looked.at`, None where nobody outside could see it, and `tried` what it has tried to open or write.
    """

    answer: bytes = b""
    printed: bytes = b""
    where: bytes = b""
    status: int = 0
    over: str = ""
    looked: dict[str, dict[str, Any]] | None = None
    tried: list[str] = field(default_factory=list)


def run(jobs: Mapping[str, Job], readable: Readable, limits: Limits, held: Held, at_once: int) -> dict[str, Ended]:
    """What became of each job; the caller has one thread, and no children but these."""
    waiting, running, ended = list(jobs), {}, {}
    while waiting or running:
        while waiting and len(running) < at_once:
            name = waiting.pop(0)
            running[name] = _Process.start(jobs[name], readable, limits, held)
        _attend([*running.values()])
        for name in [name for name, process in running.items() if process.has_ended()]:
            ended[name] = running.pop(name).finish()
            entering.end_leftovers({process.id for process in running.values()}, held)
    return {name: ended[name] for name in jobs}


def _attend(processes: list[_Process]) -> None:
    """Answer what the processes ask and write, as long as they go on with it."""
    poll, ends = select.poll(), {}
    for process in processes:
        for descriptor, act in process.ends():
            poll.register(descriptor, select.POLLIN)
            ends[descriptor] = act
    until = time.monotonic() + _TICK / 1000
    while events := poll.poll(_TICK):
        for descriptor, event in events:
            if not ends[descriptor](event):
                return
        if time.monotonic() > until:
            return


@dataclass
class _Process:
    """A process that runs, and the ends that are held here of what it writes to."""

    id: int
    limits: Limits
    pipes: dict[str, int]  # answer, printed, where
    supervisor: Supervisor | None
    deadline: float
    end: int = -1  # readable once it has ended, where the system has such a thing
    asked: float = 0.0
    result: Ended = field(default_factory=Ended)
    sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls, job: Job, readable: Readable, limits: Limits, held: Held) -> _Process:
        id_, pipes, supervised = entering.start(job, readable, limits, held)
        supervisor = None
        if supervised:
            supervisor = Supervisor(*supervised, id_, readable, Looked(limits.read), entering.WHERE)
        end = os.pidfd_open(id_) if hasattr(os, "pidfd_open") else -1
        return cls(id_, limits, pipes, supervisor, time.monotonic() + limits.seconds - _waited(os.getpid()), end)

    def ends(self) -> Iterator[tuple[int, Callable[[int], bool]]]:
        """What to wait for, each with what to do then: False where this changes what to wait for."""
        for name in self.pipes:
            yield self.pipes[name], lambda _, name=name: self._take(name)
        if self.supervisor:
            yield self.supervisor.listener, self._answer
        if self.end >= 0:
            yield self.end, lambda _: False

    def _answer(self, event: int) -> bool:
        if event & select.POLLIN and self.supervisor:
            self.supervisor.answer()
        return bool(event & select.POLLIN)

    def _take(self, name: str) -> bool:
        """Read what is there of one pipe, and end the process that writes too much; False at the end of the pipe."""
        try:
            data = os.read(self.pipes[name], _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            os.close(self.pipes.pop(name))
            return False
        self.sizes[name] = self.sizes.get(name, 0) + len(data)
        if self.sizes[name] > (self.limits.answer if name == "answer" else self.limits.printed):
            return self._end("answer" if name == "answer" else "printed")
        kept = getattr(self.result, name) + data
        setattr(self.result, name, kept if name == "answer" else kept[-_KEPT:])
        return True

    def has_ended(self) -> bool:
        """Whether it has, by itself or because its time is over, where it is asked for its line first."""
        if not self.asked and self._is_over():
            self.asked, self.result.where = time.monotonic(), b""
            self._signal(entering.WHERE)
        if self.asked and (b"File " in self.result.where or time.monotonic() > self.asked + _GRACE):
            self._end("seconds")
        found, status = os.waitpid(self.id, os.WNOHANG)
        self.result.status = os.waitstatus_to_exitcode(status) if found else 0
        return bool(found)

    def _is_over(self) -> bool:
        """Whether it has run for so long, or slept: neither what it has waited for a processor, nor what this has."""
        late = time.monotonic() > self.deadline + _waited(self.id) + _waited(os.getpid())
        return late or _scheduled(self.id)[0] > self.limits.seconds

    def _end(self, over: str) -> bool:
        self.result.over = self.result.over or over
        self._signal(signal.SIGKILL)
        return False

    def _signal(self, number: signal.Signals) -> None:
        if self.id:
            with suppress(ProcessLookupError):
                os.kill(self.id, number)

    def finish(self) -> Ended:
        """What is left in the pipes, and everything given back."""
        self.id = 0  # nobody to be signalled any more
        for name in [*self.pipes]:
            while self._take(name):
                pass
        for descriptor in (*self.pipes.values(), self.end):
            if descriptor >= 0:
                os.close(descriptor)
        if self.supervisor:
            self.result.looked, self.result.tried = self.supervisor.looked.at, self.supervisor.tried
            self.supervisor.close()
        return self.result


def _waited(process: int) -> float:
    """Seconds that a process has waited for a processor: a busy machine's, and not the process's own."""
    return _scheduled(process)[1]


def _scheduled(process: int) -> tuple[float, float]:
    """Seconds that a process has run, and that it has waited to, zero where the system does not say it."""
    with suppress(OSError, ValueError):
        ran, waited, _ = Path(f"/proc/{process}/schedstat").read_text().split()
        return int(ran) / 1e9, int(waited) / 1e9
    return 0.0, 0.0
