"""Whether what a run has started has ended."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path


def gone(pid: int) -> bool:
    """Whether a process ends within seconds; one that is only waiting to be collected has ended."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if status.read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False
