"""How much a contained process may use."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass

_GRACE = 5  # seconds of processor time after the time limit, should nobody end the process


@dataclass(frozen=True)
class Limits:
    """Seconds of wall-clock time; bytes of memory, of the answer, of what is printed and of the files read."""

    seconds: int = 60
    memory: int = 2 << 30
    answer: int = 16 << 20
    printed: int = 1 << 20
    read: int = 64 << 20
    files: int = 128  # open at a time

    def apply(self) -> None:
        """Put the calling process under those that the kernel keeps."""
        _limit(resource.RLIMIT_CPU, self.seconds + _GRACE)
        _limit(resource.RLIMIT_NOFILE, self.files)
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_CORE, 0)
        if sys.platform == "linux":
            _limit(resource.RLIMIT_AS, self.memory)
            _limit(resource.RLIMIT_MEMLOCK, 0)
            _limit(resource.RLIMIT_MSGQUEUE, 0)


def _limit(which: int, most: int) -> None:
    soft, hard = resource.getrlimit(which)
    least = min(each for each in (most, soft, hard) if each != resource.RLIM_INFINITY)
    resource.setrlimit(which, (least, least))
