"""What graft itself is made of: its own code and the packages around it. Every cached result depends on both."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import generators
from generators.output.digest import digest

_CODE = Path(generators.__file__).parent
_RENDERED_BY = (".py", ".lua")
_AUTHORS = ("pipelines",)  # the repository's own pipelines: what is compiled of them is a definition


@cache
def toolchain() -> str:
    """The hash of graft's code, of the versions of all installed packages, and of Python's."""
    return digest(sys.version, *_packages(), *(part for file, content in _code() for part in (file, content)))


def own_code() -> str:
    """The SHA-256 of what `sha256sum` would print of graft's own code."""
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in _code())
    return hashlib.sha256(listed.encode()).hexdigest()


def _code() -> Iterator[tuple[str, bytes]]:
    found = (path for path in _CODE.rglob("*") if path.suffix in _RENDERED_BY)
    files = sorted(path for path in found if path.relative_to(_CODE).parts[0] not in _AUTHORS)
    return ((file.relative_to(_CODE).as_posix(), file.read_bytes()) for file in files)


def _packages() -> list[str]:
    """The names of the folders that pip and uv keep for a package, which end in its version."""
    folders = {Path(sysconfig.get_path(scheme)) for scheme in ("purelib", "platlib")}
    return sorted(entry.name for folder in folders for entry in folder.glob("*.dist-info"))
