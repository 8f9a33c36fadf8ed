"""What a reader of the figures must know of the machine: its parts, and whether anybody else was using it."""

from __future__ import annotations

import os
import platform
import resource
from datetime import UTC, datetime
from pathlib import Path

IDLE = 0.1  # the share of all cores' time that others may use while the benchmarks run


class Observed:
    """The machine from the making of this value to a call of `described`."""

    def __init__(self) -> None:
        self._load, self._ticks, self._own = os.getloadavg()[0], _ticks(), _own()

    def described(self) -> str:
        """A paragraph for the head of RESULTS.md."""
        others = self._others()
        idle = "it was idle" if others < IDLE else "it was not idle, so that wall times are too long"
        return (
            f"Measured on {datetime.now(UTC):%Y-%m-%d} on {_parts()}. The load average was {self._load:.2f} at the "
            f"start, and others used {others:.0%} of the cores' time in between: {idle}."
        )

    def _others(self) -> float:
        """The share of all cores' time that other processes used, or a host kept for itself."""
        spent = [(now - then) / os.sysconf("SC_CLK_TCK") for now, then in zip(_ticks(), self._ticks, strict=True)]
        used = sum(spent) - sum(spent[3:5])  # but idle, and waiting for a disk
        return max(0.0, used - (_own() - self._own)) / (sum(spent) or 1)


def _parts() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    cores = f"{os.cpu_count()} cores ({_processor()})"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{cores}, {memory:.0f} GiB of memory, {system}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _own() -> float:
    """CPU seconds of this process and of all that it has started and seen end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _ticks() -> list[int]:
    """Linux's counters: user, nice, system, idle, iowait, irq, softirq, steal."""
    return [int(word) for word in Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]]
