"""Which walls a machine has, in words for the person who answers for it, and what a caller asks for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum

from generators.errors import GraftError
from generators.sandbox import landlock, machine, seccomp

VARIABLE = "GRAFT_SANDBOX"
_NO = {"", "0", "false"}  # what CI means by not being CI
_USER, _NETWORK, _IPC = 0x10000000, 0x40000000, 0x08000000  # linux/sched.h


class Mode(StrEnum):
    """What is to be done where a machine cannot contain code: go on with what it has, refuse, or not ask."""

    AUTO = "auto"
    REQUIRE = "require"
    OFF = "off"


@dataclass(frozen=True)
class Held:
    """The walls: calls filtered with reads from outside, Landlock's version, limits, namespaces without a network."""

    seccomp: bool = False
    landlock: int = 0
    limits: bool = False
    namespaces: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What the ground lacks: reads, writes, network, processes and signals by the filter, and limits."""
        return () if self.seccomp else (_lacking(),)

    def words(self) -> str:
        """The walls that hold, as a list."""
        walls = {
            "seccomp": self.seccomp,
            f"Landlock {self.landlock}": self.landlock,
            "limits": self.limits,
            "namespaces": self.namespaces,
        }
        return ", ".join(name for name, holds in walls.items() if holds) or "nothing"


def sandbox_mode() -> Mode:
    """What the caller's variable says, which an option of the command line sets, or what CI needs."""
    if given := os.environ.get(VARIABLE):
        if given not in [*Mode]:
            raise GraftError(f"{VARIABLE}={given} is not a mode of the sandbox", f"give one of: {', '.join(Mode)}")
        return Mode(given)
    return Mode.AUTO if os.environ.get("CI", "").lower() in _NO else Mode.REQUIRE


def at_hand(mode: Mode = Mode.AUTO) -> Held:
    """What this machine has, but for namespaces, which are entered to be seen."""
    if mode is Mode.OFF:
        return Held()
    supervised = seccomp.available() and os.access("/proc/self/mem", os.R_OK)
    return Held(supervised, landlock.version(), True)


def without_network() -> bool:
    """Put this process, which may have one thread only, into namespaces of its own; False where it may not."""
    user = 0 if os.geteuid() == 0 else _USER
    try:
        machine.call("unshare", user | _NETWORK | _IPC)
    except OSError:
        return False
    return True


def _lacking() -> str:
    if sys.platform != "linux":
        return f"seccomp (it is a part of Linux, and this is {sys.platform})"
    if not machine.processor():
        return f"seccomp (graft knows the system calls of x86_64 and aarch64, and this is {os.uname().machine})"
    return "seccomp with a notifying process (Linux 5.14 or later, in a container whose profile lets seccomp through)"
