"""Answers the calls of a contained process that name a path: opens what it may read, and says what it did.

The process has one thread, shares no memory and waits for the answer, so nothing can change what it has asked
(seccomp_unotify(2)). A file is never opened by the process itself: the descriptor is put into it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import signal
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from generators.sandbox import machine
from generators.sandbox.looked import Looked, open_plainly
from generators.sandbox.readable import Kind, Readable

# linux/seccomp.h: the requests, and struct seccomp_notif, seccomp_notif_resp, seccomp_notif_addfd
_RECEIVE, _SEND, _PUT = 0xC0502100, 0xC0182101, 0x40182103
_REQUEST, _RESPONSE, _DESCRIPTOR = "=QIIiIQ6Q", "=Qqii", "=QIIII"
_GO_ON, _AND_SEND = 1, 1 << 1
_AT_FDCWD, _AT_EMPTY_PATH = -100, 0x1000
_LONGEST, _PAGE = 4096, 4096
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OF_PROCESSES = re.compile(r"/+(proc|dev/fd|dev/std.*)(/|$)")
_MANY = 20  # attempts that are written down

# Where the path, the folder that it starts from and the flags are among a call's arguments.
_FIELDS = {
    "open": (0, None, 1), "openat": (1, 0, 2),
    "stat": (0, None, None), "lstat": (0, None, None), "access": (0, None, None), "readlink": (0, None, None),
    "newfstatat": (1, 0, 3), "faccessat": (1, 0, None), "readlinkat": (1, 0, None),
}  # fmt: skip


@dataclass
class Supervisor:
    """The calls that come in at `listener` from the process `process`, whose memory `memory` is open on.

    `tried` are the paths outside of what is readable that it has tried to open. It is sent `where` at each, which has
    it say at which line it is, before it is refused.
    """

    listener: int
    memory: int
    process: int
    readable: Readable
    looked: Looked
    where: signal.Signals
    tried: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = {number: name for name, number in machine.numbers().items()}

    def close(self) -> None:
        """Let the process go: whatever it still asks fails."""
        os.close(self.listener)
        os.close(self.memory)

    def answer(self) -> None:
        """Take one call and answer it."""
        request = bytearray(struct.calcsize(_REQUEST))
        with contextlib.suppress(FileNotFoundError):  # the process has ended, or was interrupted and will ask again
            fcntl.ioctl(self.listener, _RECEIVE, request)
            asked, _, _, number, _, _, *arguments = struct.unpack(_REQUEST, request)
            try:
                self._decide(asked, self._names[number], arguments)
            except OSError as error:
                self._send(asked, error=-(error.errno or errno.EACCES))
            except (ValueError, OverflowError):  # an address, or a name, that cannot be one
                self._send(asked, error=-errno.EFAULT)

    def _decide(self, asked: int, name: str, arguments: list[int]) -> None:
        path_at, folder_at, flags_at = _FIELDS[name]
        given = self._text(arguments[path_at])
        flags = arguments[flags_at] if flags_at is not None else 0
        if not given:
            empty = name == "newfstatat" and flags & _AT_EMPTY_PATH and _int(arguments[0]) >= 0
            return self._send(asked, flags=_GO_ON) if empty else self._send(asked, error=-errno.ENOENT)
        named = self._absolute(given, _int(arguments[folder_at]) if folder_at is not None else _AT_FDCWD)
        # What the kernel shows of processes would be that of this one.
        path = os.path.normpath(named) if _OF_PROCESSES.match(os.path.normpath(named)) else os.path.realpath(named)
        if name in ("open", "openat"):
            return self._open(asked, path, named, flags)
        return self._look(asked, path)

    def _look(self, asked: int, path: str) -> None:
        """Let the kernel answer what is asked about a path that may be read, or that is above one."""
        kind = self.readable.kind(path)
        if kind is Kind.REPOSITORY:
            self.looked.note(self.readable.inside(path), path)
        self._send(asked, **({"error": -errno.EACCES} if kind is Kind.OUTSIDE else {"flags": _GO_ON}))

    def _open(self, asked: int, path: str, named: str, flags: int) -> None:
        kind = self.readable.kind(path)
        if kind is Kind.NOTHING:
            return self._put(asked, os.open(path, flags & _WRITES & ~os.O_CREAT | os.O_CLOEXEC), flags)
        if kind in (Kind.OUTSIDE, Kind.ABOVE) or flags & _WRITES:
            return self._refuse(asked, named, flags)
        inside = self.readable.inside(path)
        return self._put(
            asked, self.looked.open(inside, path) if kind is Kind.REPOSITORY else open_plainly(path), flags
        )

    def _refuse(self, asked: int, named: str, flags: int) -> None:
        said = f"{'write' if flags & _WRITES else 'open'} {named}"
        if said not in self.tried and len(self.tried) < _MANY:
            self.tried.append(said)
            os.kill(self.process, self.where)  # which interrupts the call, and it is made again
        else:
            self._send(asked, error=-errno.EACCES)

    def _put(self, asked: int, found: int, flags: int) -> None:
        """Put a descriptor into the process, as the answer to its call."""
        try:
            closing = flags & os.O_CLOEXEC
            fcntl.ioctl(self.listener, _PUT, struct.pack(_DESCRIPTOR, asked, _AND_SEND, found, 0, closing))
        finally:
            os.close(found)

    def _send(self, asked: int, error: int = 0, flags: int = 0) -> None:
        with contextlib.suppress(FileNotFoundError):
            fcntl.ioctl(self.listener, _SEND, bytearray(struct.pack(_RESPONSE, asked, 0, error, flags)))

    def _absolute(self, given: str, folder: int) -> str:
        """A path from the top, that which is given or one in the folder that a descriptor of the process is open on."""
        start = f"/proc/{self.process}/" + ("cwd" if folder == _AT_FDCWD else f"fd/{folder}")
        return given if given.startswith("/") else os.path.join(os.readlink(start), given)  # noqa: PTH115, PTH118

    def _text(self, address: int) -> str:
        """The text at an address of the process's memory, which ends at a NUL."""
        return b"".join(self._parts(address)).decode("utf-8", "surrogateescape")

    def _parts(self, address: int) -> Iterator[bytes]:
        end = address + _LONGEST
        while address < end:
            part = os.pread(self.memory, min(_PAGE - address % _PAGE, end - address), address)
            text, found, _ = part.partition(b"\0")
            yield text
            if found or not part:
                return
            address += len(part)
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))


def _int(argument: int) -> int:
    """An argument of a call as the C int that it is."""
    return (argument & 0xFFFFFFFF) - ((argument & 0x80000000) << 1)
