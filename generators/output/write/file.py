"""Replace a single file, such as one that a person wrote and a verb edits."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_file_atomically(path: Path, text: str) -> None:
    """Replace one file by `text`, on the disk for certain before it takes the old one's place."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    if path.exists():
        shutil.copymode(path, beside)
    beside.replace(path)


def restore_file(path: Path, text: str | None) -> None:
    """Make one file what it was: None where there was none."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_file_atomically(path, text)
