"""What is known of a run while it goes on, so that one that was killed is found by the next, and ended.

The file `running` in a run's folder holds a line of JSON for the run and one for whatever becomes of a step. Its
process holds it by a lock, which the kernel gives back however the process ends: where it is free, the run was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from generators.output import write
from generators.runner import leftovers
from generators.runner.process import GRACE
from generators.runner.record import StepRecord, as_json, ordered, without_running
from generators.runner.results import RECORD, Values
from generators.runner.settings import Event

FILE = "running"
_ROOM = 256 << 10  # bytes that are kept free for the run's record, should the disk fill up


class Running:
    """The file of a run that goes on."""

    def __init__(self, directory: Path, head: Mapping[str, Any]) -> None:
        self._file, self._at = directory / FILE, 0
        draft = directory / f".{FILE}.new"  # nobody may find it free before it is locked
        self._held = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with contextlib.suppress(OSError):
            os.posix_fallocate(self._held, 0, _ROOM)
        self._add(head)
        draft.replace(self._file)

    def step(self, step: StepRecord) -> None:
        """Keep what has become of a step; a disk that is full keeps nothing more, and the record still has it."""
        with contextlib.suppress(OSError):
            self._add(step)

    def give_room(self) -> None:
        """Free what was kept free."""
        os.ftruncate(self._held, self._at)

    def end(self) -> None:
        """The run has ended, and its record says all of it."""
        self._file.unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Leave the file to the next run."""
        os.close(self._held)

    def _add(self, what: Any) -> None:
        rest = as_json(what).encode() + b"\n"
        while rest:
            written = os.pwrite(self._held, rest, self._at)
            self._at, rest = self._at + written, rest[written:]


def settle(runs: Path, on_event: Callable[[Event], None]) -> None:
    """Record each run below `runs` that was killed as interrupted, and end what its steps have left running."""
    for file in sorted(runs.absolute().glob(f"*/*/{FILE}")):
        with _free(file) as held:
            if held is not None:
                left = leftovers.end(leftovers.of(file.parent), GRACE)
                write.write_file_atomically(file.with_name(RECORD), _document(held, file.parent) + "\n", runs)
                file.unlink()
                processes = f", and what it left running is ended: {left} process{'es' * (left > 1)}" if left else ""
                text = f"the run {file.parent.name} was killed; it is recorded as interrupted{processes}"
                on_event(Event("interrupted", "", text=text))


@contextlib.contextmanager
def _free(file: Path) -> Iterator[int | None]:
    """The file, locked, where no process holds it; None where one does, or where it is not a file of graft's own."""
    held = None
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            opened = os.open(file, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            stack.callback(os.close, opened)
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = opened if os.fstat(opened).st_nlink == 1 and _is_below(file) else None
        yield held


def _is_below(file: Path) -> bool:
    return not any(folder.is_symlink() for folder in (file.parent, file.parent.parent))


@dataclass(frozen=True)
class _Lines:
    """The lines of such a file that can be read."""

    head: dict[str, Any]
    steps: dict[str, dict[str, Any]]


def _read(held: int) -> _Lines:
    lines = []
    for line in os.pread(held, os.fstat(held).st_size, 0).rstrip(b"\0").split(b"\n"):
        with contextlib.suppress(ValueError, RecursionError):
            lines.append(json.loads(line))
    head, *steps = [line for line in lines if isinstance(line, dict)] or [{}]
    return _Lines(head, {step["path"]: step for step in steps if isinstance(step.get("path"), str)})


def _document(held: int, directory: Path) -> str:
    """The record of the run as far as it came."""
    known = _read(held)
    nothing = {"pipeline": directory.parent.name, "run": directory.name, "parameters": {}, "started": ""}
    document = {
        **nothing,
        **known.head,
        "state": "INTERRUPTED",
        "outputs": Values(),
        "failure": None,
        "steps": [without_running(step) for step in ordered(known.steps)],
        "seconds": _seconds(str(known.head.get("started", "")), os.fstat(held).st_mtime),
    }
    return as_json(document, indent=2)


def _seconds(started: str, ended: float) -> float:
    """How long it went on: until it was heard of for the last time."""
    try:
        return round(max(ended - datetime.fromisoformat(started).timestamp(), 0.0), 3)
    except ValueError:
        return 0.0
