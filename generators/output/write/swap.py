"""Put a new folder in the place of an old one in a single step, so that nobody ever sees half of each."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

from generators.errors import GraftError
from generators.output.write.inside import refuse_links

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # macOS, sys/stdio.h
_LONGEST = 4096  # bytes of a note
# What a kernel or a file system without the exchange answers.
_NOT_PROVIDED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


def replace(scratch: Path, root: Path, target: str) -> None:
    """Put the folder `scratch`/new at `root`/`target`; what stood there is removed.

    Where the system cannot exchange two folders at once, the old one steps aside first; killed in between, `recover`
    brings it back.
    """
    new, place = scratch / "new", refuse_links(root, target)
    if not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        new.rename(place)
    elif exchange(new, place):
        shutil.rmtree(new)
    else:
        _step_aside(scratch, place, target)


def recover(scratch: Path, root: Path) -> None:
    """Clear what an interrupted render left behind; the folders themselves are whole already, or become so here."""
    old, note = scratch / "old", scratch / "stepped-aside"
    if os.path.lexists(note):
        target = _stepped_aside(note, old)
        place = refuse_links(root, target)
        if old.exists() and not os.path.lexists(place):
            old.rename(place)
        note.unlink()
    for leftover in (scratch / "new", old):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        elif os.path.lexists(leftover):
            leftover.unlink()


def _stepped_aside(note: Path, old: Path) -> str:
    """The folder that a note names; GraftError for a note that graft has not written of the folder beside it.

    A folder keeps its number when it is renamed, and nobody who plants a note knows the number that one will get.
    """
    if note.is_file() and not note.is_symlink() and not old.is_symlink():
        target, _, number = note.read_bytes()[:_LONGEST].decode("utf-8", "replace").partition("\n")
        inside = not {"", ".", ".."} & {*target.split("/")}
        if inside and (not old.exists() or number == _number(old)):
            return target
    raise GraftError(f"{note} is not what graft left there", f"look at it, then remove {note.parent}")


def _number(folder: Path) -> str:
    found = folder.stat()
    return f"{found.st_dev}:{found.st_ino}"


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        failed = library.renamex_np(*names, _RENAME_SWAP)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _NOT_PROVIDED:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def _step_aside(scratch: Path, place: Path, target: str) -> None:
    note = scratch / "stepped-aside"
    note.write_text(f"{target}\n{_number(place)}", encoding="utf-8")
    place.rename(scratch / "old")
    (scratch / "new").rename(place)
    note.unlink()
    shutil.rmtree(scratch / "old")
