"""The one place that writes files: folders made equal to what was rendered, and single files, at once or not at all."""

from __future__ import annotations

from generators.output.write.compare import Content, Difference, difference, everything, files
from generators.output.write.file import restore_file, write_file_atomically
from generators.output.write.folder import write_folder
from generators.output.write.inside import SCRATCH, scratch
from generators.output.write.trees import Summary, write_trees

__all__ = [
    "SCRATCH",
    "Content",
    "Difference",
    "Summary",
    "Tree",
    "difference",
    "everything",
    "files",
    "restore_file",
    "scratch",
    "write_file_atomically",
    "write_folder",
    "write_trees",
]
