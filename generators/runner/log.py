"""The file that keeps what a step prints, byte for byte and within a limit, and the same cut into lines to be shown."""

from __future__ import annotations

import time
from collections import deque
from typing import BinaryIO

from generators.errors import GraftError
from generators.output.plain import LEFT_OUT, plain

FIRST, LAST = 32 << 20, 1 << 20  # bytes of one attempt that are kept: those at its beginning and those at its end
LONGEST = 16 << 10  # bytes of a line that are shown; the log has them all
BURST, RATE = 50_000, 20_000  # lines that are shown at once, and in each second for long
HELD = 16 << 10  # bytes of those that are not, of which the newest are shown in the end


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
    """What a process prints as lines that are fit to be shown, each as soon as it ends.

    Who prints more lines at once than anybody reads has the newest of them shown, after a line that counts the others.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._room, self._filled = float(BURST), time.monotonic()
        self._held = b""  # the newest of what has not been shown
        self._left_out = 0

    def take(self, data: bytes) -> list[str]:
        """The lines that end in the next bytes, as far as there is room to show them."""
        now = time.monotonic()
        self._room, self._filled = min(BURST, self._room + (now - self._filled) * RATE), now
        number = data.count(b"\n")
        if number > self._room:
            return self._hold(data, number)
        self._room -= number
        return [*self._shown_late(), *self._lines(data)]

    def rest(self) -> list[str]:
        """The last lines, where nothing ended them or they were held."""
        shown = self._shown_late()
        last, self._rest = self._rest, b""
        return [*shown, *([_shown(last)] if last else [])]

    def _lines(self, data: bytes) -> list[str]:
        *whole, rest = (self._rest + data).split(b"\n")
        if len(rest) > LONGEST:  # a bar of progress goes back to the beginning and never ends its line
            rest = rest.rpartition(b"\r")[2][: LONGEST + 1]
        self._rest = rest
        return [_shown(line) for line in whole]

    def _hold(self, data: bytes, number: int) -> list[str]:
        """Keep the newest lines for when there is room, and count the others."""
        held, self._rest = b"".join((self._rest, self._held, data)), b""
        newest = held[-HELD:].partition(b"\n")[2] if len(held) > HELD else held
        self._left_out += number + self._held.count(b"\n") - newest.count(b"\n")
        self._held = newest
        return []

    def _shown_late(self) -> list[str]:
        held, self._held = self._held, b""
        told = [f"... {self._left_out} {LEFT_OUT}"] if self._left_out else []
        self._left_out = 0
        return [*told, *(self._lines(held) if held else ())]


def _shown(line: bytes) -> str:
    cut = "..." if len(line) > LONGEST else ""
    return plain(line[:LONGEST].decode("utf-8", "replace").rstrip("\r")) + cut
