"""What a contained process may read: libraries, and the repository that is judged but for what is hidden in it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from enum import Enum

_SHARED = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", f"{sys.base_prefix}/lib")
_SHARED_OBJECT = re.compile(r".*\.so(\.[0-9.]+)?")
_NATIVE = re.compile(r".*\.(so|pyc|pyd|dylib)(\.[0-9.]+)?")


class Kind(Enum):
    """What a path is to a contained process."""

    LIBRARY = "library"
    REPOSITORY = "repository"
    ABOVE = "above"  # a folder that one of the others is in: there, and closed
    NOTHING = "nothing"  # the null device
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Readable:
    """The repository at `root`, and the folders of `libraries`, of which those of `not_libraries` are no part.

    Of `own`, the folder of graft's code, only Python is: the rest of it may be the repository's.
    """

    root: str
    libraries: tuple[str, ...]
    not_libraries: tuple[str, ...] = ()
    own: str = ""

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that something of may be read."""
        return tuple(each for each in (self.root, *self.libraries, self.own) if each)

    def kind(self, path: str) -> Kind:
        """What an absolute path without links is."""
        if path == os.devnull or path.startswith(f"{os.devnull}/"):
            return Kind.NOTHING
        if self._is_library(path):
            return Kind.LIBRARY
        if _inside(path, self.root) and self.is_shown(path):
            return Kind.REPOSITORY
        above = path == "/" or any(_inside(each, path) for each in (*self.folders, *_SHARED))
        return Kind.ABOVE if above else Kind.OUTSIDE

    def is_shown(self, path: str) -> bool:
        """Whether a path of the repository is not hidden, as .git and files with secrets are, and no native code."""
        inside = path[len(self.root) + 1 :]
        return not any(part.startswith(".") for part in inside.split("/")) and not _NATIVE.fullmatch(inside)

    def inside(self, path: str) -> str:
        """A path of the repository as seen from its root."""
        return path[len(self.root) + 1 :]

    def _is_library(self, path: str) -> bool:
        if any(_inside(path, each) for each in self.not_libraries):
            return False
        if any(_inside(path, each) for each in self.libraries):
            return True
        if self.own and _inside(path, self.own):
            return path.endswith(".py") or not os.path.isfile(path)  # noqa: PTH113
        if path == "/etc/ld.so.cache":
            return True
        return bool(_SHARED_OBJECT.fullmatch(path)) and any(_inside(path, each) for each in _SHARED)


def python_libraries() -> tuple[str, ...]:
    """The folders that this interpreter's own modules, and those that are installed beside it, are in."""
    import site
    import sysconfig

    named = {sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib", "platlib")}
    kept = {os.path.realpath(each) for each in {*named, *site.getsitepackages()} if each}
    return tuple(sorted(each for each in kept if each != "/" and os.path.exists(each)))  # noqa: PTH110


def library_path(libraries: tuple[str, ...]) -> list[str]:
    """What of `sys.path` is in those folders."""
    return [each for each in sys.path if any(_inside(os.path.realpath(each), folder) for folder in libraries)]


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
