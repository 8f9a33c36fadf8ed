"""What a layer of an image holds, and its tar: the same bytes for the same files, whenever it is written."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

HEADERS = {".c", ".cuh", ".h", ".hpp", ".inc", ".inl", ".pyi"}  # half of TensorFlow's files, and no program's


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Folder:
    """A folder that is not simply root's."""

    mode: int = 0o755
    owner: int = 0


Tree = Mapping[str, Path | bytes | Link | Folder]  # by place in the image; a Path is a file of this machine


def below(folder: Path, place: str, *without: str) -> Tree:
    """The files below a folder of this machine at their place in an image, `without` some names at any depth."""
    files = {file.relative_to(folder): file for file in folder.rglob("*") if file.is_file()}
    skipped = {"__pycache__", *without}
    return {f"{place}/{name}": file for name, file in files.items() if not skipped & set(name.parts)}


def pack(tree: Tree, target: BinaryIO) -> None:
    """Write the tree as a tar: sorted, with fixed times and owners, folders above their content."""
    parents = {str(parent): Folder() for place in tree for parent in PurePosixPath(place).parents}
    whole = {**parents, **tree}
    whole.pop(".", None)
    with tarfile.open(fileobj=target, mode="w") as tar:
        for place in sorted(whole):
            add(tar, place, whole[place])


def add(tar: tarfile.TarFile, place: str, entry: Path | bytes | Link | Folder) -> None:
    """Add one entry; a link of this machine comes along as the file that it leads to."""
    member = tarfile.TarInfo(place)
    match entry:
        case Path():
            with entry.open("rb") as file:
                status = entry.stat()
                member.size, member.mode = status.st_size, 0o755 if status.st_mode & 0o100 else 0o644
                tar.addfile(member, file)
        case bytes():
            member.size = len(entry)
            tar.addfile(member, io.BytesIO(entry))
        case Link():
            member.type, member.linkname = tarfile.SYMTYPE, entry.target
            tar.addfile(member)
        case Folder():
            member.type, member.mode, member.uid, member.gid = tarfile.DIRTYPE, entry.mode, entry.owner, entry.owner
            tar.addfile(member)
