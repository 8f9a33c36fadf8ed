"""What a step's code is: of the packages beside it, the modules that it reaches by its imports."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from generators.ir.reached import imports, reached


def digest(texts: Sequence[str], folders: Sequence[Path]) -> str:
    """A hash of a command and of every module of the packages in `folders` that it imports, directly or not.

    A text of the command that is Python is read for its imports, and so is what stands behind `-m`.
    """
    named = [text for before, text in zip(["", *texts], texts, strict=False) if before == "-m"]
    found_files = reached([*named, *(name for text in texts for name in imports(text))], folders)
    found = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass"))
    for file in sorted(found_files):
        found.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return found.hexdigest()
