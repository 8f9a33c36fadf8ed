"""Let one graft process at a time write to a repository."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generators.errors import GraftError

SCRATCH = ".graft"


@contextmanager
def writing(root: Path) -> Iterator[Path]:
    """Hold the repository's lock and yield its scratch folder; raise GraftError naming the process that holds it.

    The kernel gives the lock back when its process ends, however it ends.
    """
    scratch = root / SCRATCH
    scratch.mkdir(exist_ok=True)
    with (scratch / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise GraftError(
                f"{root}: another graft process (pid {holder}) is writing here",
                "wait until it has ended, then run this again",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield scratch
