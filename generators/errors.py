"""Every exception that graft raises on purpose, and the exit status each one means.

    GraftError            2  bad use: the message says what to do next
    ├── Refused           1  the input has findings; carries all of them
    │   ├── Unreadable    2  a file or an option that is not what it should be at all; its findings say why
    │   └── Defective     3  what graft itself made is wrong; its findings say what
    ├── Stale             1  rendered/ is not what its sources render; carries the files
    ├── RunFailed         1  a step of a run failed; carries the step, and the log of a local one
    ├── Unreached         1  a cluster, or what runs there, gave no answer
    └── Unfollowed      130  somebody has stopped following a run that goes on

Anything else that escapes is a defect of graft itself, exit status 3.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generators.model import Finding


class GraftError(Exception):
    """Something its reader can put right; `message` says what is wrong and `fix` what to do about it."""

    exit_status = 2

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class Refused(GraftError):
    """Input that may not go further; `findings` holds every one of its problems, `consequence` what they prevent."""

    exit_status = 1

    def __init__(self, findings: Sequence[Finding], consequence: str = "") -> None:
        super().__init__(f"{len(findings)} finding(s)")
        self.findings = tuple(findings)
        self.consequence = consequence


class Unreadable(Refused):
    """A file or an option that is not what it should be; the first of its `findings` is the message and the fix."""

    exit_status = 2

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        first = self.findings[0]
        self.message = ": ".join(filter(None, (first.place.file, first.path, first.message)))
        self.args = (self.message,)
        self.fix = first.fix


class Defective(Refused):
    """A mistake of graft's own, found before anything was printed or written."""

    exit_status = 3


class Stale(GraftError):
    """Machine-written files that differ from what their sources give; `files` holds their paths."""

    exit_status = 1

    def __init__(self, files: Sequence[str], fix: str) -> None:
        super().__init__(f"{len(files)} machine-written file(s) are not what their sources render", fix)
        self.files = tuple(files)


class RunFailed(GraftError):
    """A run that did not succeed: the path of the `step` that failed and, of a local one, the `log` it wrote."""

    exit_status = 1

    def __init__(self, step: str, reason: str, log: Path | None = None) -> None:
        super().__init__(f"step {step} failed: {reason}", f"its log: {log}" if log else "")
        self.step = step
        self.reason = reason
        self.log = log


class Unreached(GraftError):
    """A place that gave no answer; `message` is the reason."""

    exit_status = 1


class Unfollowed(GraftError):
    """A run that goes on though nobody follows it any more; `fix` says how it is ended."""

    exit_status = 130
