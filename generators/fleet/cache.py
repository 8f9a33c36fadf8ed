"""Keeps results by the hash of everything that they were made from, in the user's own cache folder.

The repository holds none of it, since a pull request could plant it there. An entry that is damaged, or that cannot be
read, is as if it were not there; losing all of them costs time and nothing else.

    <folder>/<kind>/<2 digits>/<key>     a line with the hash of the rest, then the result as JSON, or a text as it is
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from generators.fleet.toolchain import toolchain
from generators.output.digest import digest

KEPT_DAYS = 30  # an entry that nobody has asked for in so long goes
_DAY = 86400
_TEXTS = "text"


@dataclass(frozen=True)
class Cache:
    """A folder of results. Any number of processes may use it at once."""

    folder: Path

    @classmethod
    def of_user(cls) -> Cache:
        """The user's, or a temporary one where that cannot be written to."""
        folder = platformdirs.user_cache_path("graft")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return cls(folder)
        except OSError:
            return cls(_temporary_folder())

    def key(self, *parts: str) -> str:
        """The key of a result of graft as it is now, made from `parts`."""
        return digest(toolchain(), *parts)

    def get(self, kind: str, key: str) -> Any | None:
        """The result that was kept under `key`, None where there is none that can be trusted."""
        data = self._read(kind, key)
        try:
            return None if data is None else json.loads(data)
        except ValueError:
            return None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a result, anything that JSON holds."""
        self._write(kind, key, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def text(self, key: str) -> str | None:
        """The text whose `digest` is `key`, None where it is not kept."""
        data = self._read(_TEXTS, key)
        return None if data is None else data.decode("utf-8", "surrogatepass")

    def put_text(self, text: str) -> str:
        """Keep a text; returns its digest."""
        key = digest(text)
        self._write(_TEXTS, key, text.encode("utf-8", "surrogatepass"))
        return key

    def holds_text(self, key: str) -> bool:
        """Whether a text is there, without reading it."""
        return self._path(_TEXTS, key).is_file()

    def clean(self) -> None:
        """Remove what nobody has asked for in `KEPT_DAYS`, once a day at the most."""
        stamp = self.folder / "cleaned"
        with suppress(OSError):
            if stamp.exists() and time.time() - stamp.stat().st_mtime < _DAY:
                return
            stamp.touch()
            for entry in _older(self.folder, time.time() - KEPT_DAYS * _DAY):
                entry.unlink()

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / key[:2] / key

    def _read(self, kind: str, key: str) -> bytes | None:
        path = self._path(kind, key)
        try:
            with path.open("rb") as stream:
                line, data = stream.readline().rstrip(b"\n"), stream.read()
                asked = os.fstat(stream.fileno()).st_mtime
        except OSError:
            return None
        if line.decode("ascii", "replace") != digest(data):
            return None
        if time.time() - asked > _DAY:
            with suppress(OSError):
                os.utime(path)  # so that `clean` sees that it is in use
        return data

    def _write(self, kind: str, key: str, data: bytes) -> None:
        path = self._path(kind, key)
        with suppress(OSError):  # a full disk must not keep anybody from rendering
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{key}.{os.getpid()}")
            beside.write_bytes(digest(data).encode() + b"\n" + data)
            beside.replace(path)


def _temporary_folder() -> Path:
    import atexit
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="graft-cache-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _older(folder: Path, moment: float) -> Iterable[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment:
            yield path
