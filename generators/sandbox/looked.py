"""What a contained process has looked at in the repository, written down by the process outside as it hands it over.

A file is handed over as a copy in memory of the bytes that are hashed, so that nobody can change it in between.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import Any

_READ_ONLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_UNSTEADY = {"changed": True}  # equals nothing that is there
_MOST = 10_000  # paths that are written down: whoever asks for more learns nothing of them


@dataclass
class Looked:
    """Path in the repository to what was there: a file's SHA-256, a folder's names, or neither.

    `left` is how many bytes of files may still be read.
    """

    left: int
    at: dict[str, dict[str, Any]] = field(default_factory=dict)

    def note(self, inside: str, path: str) -> None:
        """Write down what is at a path that was asked about."""
        if inside not in self.at:
            self._refuse_more(inside)
            try:
                os.close(self.open(inside, path))
            except OSError:
                self._write(inside, {})

    def open(self, inside: str, path: str) -> int:
        """A descriptor of what is at an absolute path without links, which is `inside` as seen from the repository."""
        self._refuse_more(inside)
        try:
            found = open_plainly(path)
        except FileNotFoundError:
            self._write(inside, {})
            raise
        if stat.S_ISDIR(os.fstat(found).st_mode):
            self._write(inside, {"names": sorted(os.listdir(found))})  # noqa: PTH208
            return found
        with os.fdopen(found, "rb") as stream:
            data = stream.read(self.left + 1)
        if len(data) > self.left:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        self.left -= len(data)
        self._write(inside, {"sha256": hashlib.sha256(data).hexdigest()})
        return _in_memory(data)

    def _refuse_more(self, inside: str) -> None:
        if len(self.at) >= _MOST and inside not in self.at:
            raise OSError(errno.ENFILE, os.strerror(errno.ENFILE))

    def _write(self, inside: str, state: dict[str, Any]) -> None:
        self.at[inside] = state if self.at.get(inside, state) == state else _UNSTEADY


def open_plainly(path: str) -> int:
    """A descriptor of a plain file or a folder, to be read; OSError for anything else."""
    found = os.open(path, _READ_ONLY)
    mode = os.fstat(found).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        os.close(found)
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)
    return found


def _in_memory(data: bytes) -> int:
    """A descriptor, for reading alone, of a file that is nowhere on the disk."""
    copy = os.memfd_create("graft", os.MFD_CLOEXEC)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(copy, view) :]
        return os.open(f"/proc/self/fd/{copy}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(copy)
