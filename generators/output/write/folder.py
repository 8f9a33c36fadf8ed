"""A folder of files that stand by themselves, such as pages: each is replaced at once, and one that is none goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generators.output.write.compare import difference, refuse_names
from generators.output.write.file import write_file_atomically
from generators.output.write.trees import Summary


def write_folder(folder: Path, texts: Mapping[str, str]) -> Summary:
    """Make a folder hold these texts by their paths and nothing else; a file that stays the same is not touched."""
    refuse_names(folder, texts)
    found = difference(folder, texts)
    for path in (*found.missing, *found.changed):
        write_file_atomically(folder / path, texts[path], folder)
    for path in found.extra:
        (folder / path).unlink()
    return Summary(tuple(sorted((*found.missing, *found.changed))), found.extra, found.unchanged)
