"""The file that keeps what a step prints, byte for byte and within a limit, and the same cut into lines to be shown."""

from __future__ import annotations

from collections import deque
from typing import BinaryIO

from generators.errors import GraftError
from generators.output.plain import plain

FIRST, LAST = 32 << 20, 1 << 20  # bytes of one attempt that are kept: those at its beginning and those at its end
LONGEST = 16 << 10  # bytes of a line that are shown; the log has them all


class Log:
    """Writes into a file that is not buffered; GraftError where it cannot be written, as on a full disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._room = FIRST
        self._last: deque[bytes] = deque()
        self._held = self._left_out = 0

    def write(self, data: bytes) -> None:
        """The next bytes; once there are too many, only the newest of them are held."""
        now, later = data[: self._room], data[self._room :]
        self._room -= len(now)
        self._write(now)
        if later:
            self._last.append(later)
            self._held += len(later)
        while self._last and self._held - len(self._last[0]) >= LAST:
            gone = len(self._last.popleft())
            self._held, self._left_out = self._held - gone, self._left_out + gone

    def close(self) -> None:
        """Write what is held, after a line that says how much is missing."""
        if self._left_out:
            self._write(b"\n... %d bytes that it printed are not kept here ...\n" % self._left_out)
        for data in self._last:
            self._write(data)
        self._last.clear()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise GraftError(f"its log cannot be written: {error.strerror}", "make room on that disk") from error


class Lines:
    """What a process prints as lines that are fit to be shown, each as soon as it ends."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> list[str]:
        """The lines that end in the next bytes."""
        *whole, rest = (self._rest + data).split(b"\n")
        if len(rest) > LONGEST:  # a bar of progress goes back to the beginning and never ends its line
            rest = rest.rpartition(b"\r")[2][: LONGEST + 1]
        self._rest = rest
        return [_shown(line) for line in whole]

    def rest(self) -> list[str]:
        """The last line, where nothing ended it."""
        last, self._rest = self._rest, b""
        return [_shown(last)] if last else []


def _shown(line: bytes) -> str:
    cut = "..." if len(line) > LONGEST else ""
    return plain(line[:LONGEST].decode("utf-8", "replace").rstrip("\r")) + cut
