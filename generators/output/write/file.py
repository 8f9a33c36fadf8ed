"""Replace a single file, such as one that a person wrote and a verb edits."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from generators.output.write.inside import resolved


def write_file_atomically(path: Path, text: str, root: Path) -> None:
    """Replace one file below `root` by `text`, on the disk for certain before it takes the old one's place.

    A link to a file below `root` stays, and the file is replaced; GraftError for one that leads elsewhere.
    """
    path = resolved(path, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    try:
        with beside.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:  # a full disk is not to be kept full
        beside.unlink(missing_ok=True)
        raise
    if path.exists():
        shutil.copymode(path, beside)
    beside.replace(path)


def restore_file(path: Path, text: str | None, root: Path) -> None:
    """Make one file below `root` what it was: None where there was none."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_file_atomically(path, text, root)
