"""Run a command as a fresh process, and say what it cost: wall time, CPU time of all its processes, peak memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time and of CPU time (children included), and bytes of the largest process at its peak."""

    wall: float
    cpu: float
    memory: int = 0

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def run(command: list[str | Path], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Cost:
    """What a command costs; RuntimeError, with the end of what it said, where it fails.

    A child's peak memory starts at what this process holds when it starts it (Linux keeps the figure across exec), so
    a script that measures must stay small: it imports neither kfp nor graft.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, env=_environment() | dict(env or {}), stdout=said, stderr=said)
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:  # interrupted: nothing may go on writing where it will be cleaned up
            child.kill()
            raise
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(max(0, said.tell() - 2000))
            words = " ".join(map(str, command))
            raise RuntimeError(f"{words}: exit status {child.returncode}\n{said.read().decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _environment() -> dict[str, str]:
    """The shell's variables but Python's: PYTHONDONTWRITEBYTECODE would have every process compile what it imports."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def here(work: Callable[[], object]) -> Cost:
    """What a call costs in this process."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - start, time.process_time() - cpu)


def best(times: int, works: Mapping[str, Callable[[], Cost]]) -> list[Cost]:
    """The least time and the most memory of each named work, done in turns so that a busy machine meets all of them."""
    found = {name: [] for name in works}
    for turn in range(times):
        for name, work in works.items():
            say(f"{turn + 1} of {times}: {name}")
            found[name].append(work())
    return [_least(costs) for costs in found.values()]


def _least(costs: list[Cost]) -> Cost:
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), max(c.memory for c in costs))


def import_kfp() -> Cost:
    """The yardstick of a machine: work of Python alone that everybody knows, and that graft does not do twice."""
    return run([sys.executable, "-c", "import kfp"])


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes when the work is done, fails, or is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="graft-bench-") as folder:
        yield Path(folder)


def size(folder: Path) -> tuple[int, int]:
    """The number of files below a folder, and their bytes."""
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return len(sizes), sum(sizes)


def say(words: str) -> None:
    """Tell a person who waits what is being measured."""
    print(f"  {words} ...", file=sys.stderr, flush=True)
