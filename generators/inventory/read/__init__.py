"""The one place that reads files: the repository on disk, YAML with places, and reclass-rs, which reads by itself."""

from __future__ import annotations

from generators.inventory.read.bounded import load_all
from generators.inventory.read.conflicts import CONFLICT, CONFLICT_FIX, conflict_line
from generators.inventory.read.reader import Document, read_document
from generators.inventory.read.reclass import MergeFailed, Reclass, merge_copies
from generators.inventory.read.repository import Repository, source_of
from generators.inventory.read.tree import Node, find, plain, replaced, walk, without

__all__ = [
    "CONFLICT",
    "CONFLICT_FIX",
    "Document",
    "MergeFailed",
    "Node",
    "Reclass",
    "Repository",
    "conflict_line",
    "find",
    "load_all",
    "merge_copies",
    "plain",
    "read_document",
    "replaced",
    "source_of",
    "walk",
    "without",
]
