"""Keeps results by the hash of everything that they were made from, in the user's own cache folder.

The repository holds none of it, since a pull request could plant it there, and the folder is the user's alone. An entry
that is damaged, that is somebody else's or a link, or that cannot be read, is as if it were not there; losing all of
them costs time and nothing else.

    <folder>/<kind>/<2 digits>/<key>     the hash of the next line; a line of JSON with the result and the places and
                                         hashes of texts; the texts

A file is written in place: what is read of one that is not whole yet has another hash.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import platformdirs

from generators.errors import GraftError
from generators.fleet.toolchain import toolchain
from generators.inventory.read import Repository
from generators.output.digest import digest

KEPT_DAYS = 30  # an entry that nobody has asked for in so long goes
_DAY = 86400
_PRIVATE = 0o700


@dataclass(frozen=True)
class Cache:
    """A folder of results. Any number of processes may use it at once."""

    folder: Path

    @classmethod
    def of_user(cls) -> Cache:
        """The user's, or a temporary one where that cannot be written to, or is not the user's alone.

        One inside a repository is not: whoever checks out a pull request has its files there as his own.
        """
        folder = platformdirs.user_cache_path("graft")
        if _is_in_a_repository(folder):
            return cls.empty()
        try:
            folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            if _is_own(folder):
                with tempfile.TemporaryFile(dir=folder):
                    return cls(folder)
        except OSError:
            pass
        return cls.empty()

    @classmethod
    def empty(cls) -> Cache:
        """One that holds nothing, and goes with the process."""
        return cls(_temporary_folder())

    def key(self, *parts: str) -> str:
        """The key of a result of graft as it is now, made from `parts`."""
        return digest(toolchain(), *parts)

    def get(self, kind: str, key: str) -> Any | None:
        """The result that was kept under `key`, None where there is none that can be trusted."""
        entry = self._entry(kind, key)
        return entry and entry["result"]

    def put(self, kind: str, key: str, result: Any, texts: Mapping[str, str] | None = None) -> None:
        """Keep a result, anything that JSON holds, and with it texts by name, which `text` gives one at a time."""
        data = {name: _encoded(text) for name, text in (texts or {}).items()}
        ends = [0, *accumulate(map(len, data.values()))]
        places = {
            name: [start, end, digest(data[name])] for name, start, end in zip(data, ends, ends[1:], strict=False)
        }
        head = _encoded(json.dumps({"result": result, "texts": places}, ensure_ascii=False))
        path = self._path(kind, key)
        with suppress(OSError):  # a full disk must not keep anybody from rendering
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb", opener=_plainly) as stream:
                stream.write(b"\n".join([digest(head).encode(), head, b"".join(data.values())]))

    def text(self, kind: str, key: str, name: str) -> str | None:
        """One of the texts that were kept with a result, None where it is not there or damaged."""
        entry = self._entry(kind, key, name)
        return entry and entry["text"]

    def _entry(self, kind: str, key: str, name: str = "") -> dict[str, Any] | None:
        """The head of an entry, and the text of that name if one is asked for."""
        path = self._path(kind, key)
        try:
            with open(path, "rb", opener=_plainly) as stream:
                if os.fstat(stream.fileno()).st_uid != os.geteuid():
                    return None
                expected, head = stream.readline().rstrip(b"\n"), stream.readline().rstrip(b"\n")
                if expected != digest(head).encode():
                    return None
                entry = json.loads(head)
                if name:
                    start, end, hash_ = entry["texts"][name]
                    stream.seek(start, os.SEEK_CUR)
                    data = stream.read(end - start)
                    if digest(data) != hash_:
                        return None
                    entry["text"] = data.decode("utf-8", "surrogatepass")
                self._touch(path, os.fstat(stream.fileno()).st_mtime)
                return entry
        except (OSError, KeyError):
            return None

    @staticmethod
    def _touch(path: Path, asked: float) -> None:
        """Let `clean` see that an entry is in use."""
        if time.time() - asked > _DAY:
            with suppress(OSError):
                os.utime(path)

    def clean(self) -> None:
        """Remove what nobody has asked for in `KEPT_DAYS`, once a day at the most."""
        stamp = self.folder / "cleaned"
        with suppress(OSError):
            if stamp.exists() and time.time() - stamp.stat().st_mtime < _DAY:
                return
            stamp.touch()
            for entry in _older(self.folder, time.time() - KEPT_DAYS * _DAY):
                entry.unlink(missing_ok=True)

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / key[:2] / key


def _is_in_a_repository(folder: Path) -> bool:
    try:
        return bool(Repository.find(folder))
    except GraftError:
        return False


def _is_own(folder: Path) -> bool:
    """Whether a folder is no link and the user's, to whom alone it is then given."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(found.st_mode) & ~_PRIVATE:
        folder.chmod(_PRIVATE)
    return True


def _plainly(path: str, flags: int) -> int:
    """Open an entry, which is no link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _temporary_folder() -> Path:
    import atexit
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="graft-cache-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _older(folder: Path, moment: float) -> Iterable[Path]:
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # another process cleans too
            if path.is_file() and path.stat().st_mtime < moment:
                yield path
