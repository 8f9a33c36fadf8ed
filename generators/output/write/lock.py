"""Let one graft process at a time write to a repository."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from generators.errors import GraftError
from generators.output.write.inside import SCRATCH, refuse_links, scratch

_DIGITS = 20  # of a process's id, at most


@contextmanager
def writing(root: Path) -> Iterator[Path]:
    """Hold the repository's lock and yield its scratch folder; raise GraftError naming the process that holds it.

    The kernel gives the lock back when its process ends, however it ends.
    """
    folder = scratch(root)
    with _opened(refuse_links(root, f"{SCRATCH}/lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read(_DIGITS).strip()
            holder = holder if holder.isdigit() else "unknown"
            raise GraftError(
                f"{root}: another graft process (pid {holder}) is writing here",
                "wait until it has ended, then run this again",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder


def _opened(file: Path) -> TextIO:
    """The lock's file, which is one of graft's own: a plain one, by no other name."""
    held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    found = os.fstat(held)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        os.close(held)
        raise GraftError(f"{file} is not a file of graft's own", "remove it")
    return os.fdopen(held, "a+")
