"""A graft repository on disk: its files as bytes, text, hashes and YAML trees."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from generators.errors import GraftError
from generators.inventory.read.reader import Document, read_document

ENVIRONMENTS, CLASSES = "environments", "base"
_LEFT_BEHIND = re.compile(r"\..*|__pycache__|.*\.pyc|.*\.egg-info")
_NOT_BUILT = re.compile(r"tests/.*|README\.md|metadata\.yaml|OWNERS")  # of a component's folder


@dataclass(frozen=True)
class Repository:
    """A folder that holds `environments/` and `base/`; files are named relative to it, with forward slashes.

    `edits` are texts that stand in place of files on the disk: an edit is rendered and checked before it is written.
    None stands for a file that is gone.
    """

    root: Path
    edits: Mapping[str, str | None] = field(default_factory=dict, hash=False)

    @classmethod
    def find(cls, start: Path) -> Repository:
        """The repository that `start` stands in: the nearest folder upwards with both folders in it."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / ENVIRONMENTS).is_dir() and (folder / CLASSES).is_dir():
                return cls(folder)
        message = f"{start} is not in a graft repository: no folder here or above holds {ENVIRONMENTS}/ and {CLASSES}/"
        raise GraftError(message, "go to the repository, or name it with --repo PATH")

    def edited(self, edits: Mapping[str, str | None]) -> Repository:
        """The same repository as it will be once these texts are written."""
        return replace(self, edits={**self.edits, **edits})

    def exists(self, file: str) -> bool:
        """Whether there is a file or folder of this name."""
        return self.edits[file] is not None if file in self.edits else (self.root / file).exists()

    def files(self, pattern: str) -> tuple[str, ...]:
        """The files that match a glob pattern (`base/**/*.yml`), sorted, whatever the order on disk."""
        above = f"{self.root.as_posix().rstrip('/')}/"
        found = {p.as_posix().removeprefix(above) for p in self.root.glob(pattern) if p.is_file()}
        edited = {file for file in self.edits if _matches(file, pattern)}
        return tuple(sorted(file for file in found | edited if self.edits.get(file, "") is not None))

    def names(self, folder: str) -> tuple[str, ...]:
        """What stands in a folder, sorted, without what running and looking at the code leaves behind."""
        names = (entry.name for entry in (self.root / folder).iterdir()) if self.exists(folder) else ()
        return tuple(sorted(name for name in names if not _LEFT_BEHIND.fullmatch(name)))

    def content(self, file: str) -> bytes:
        """The bytes of a file; GraftError where it cannot be read."""
        if file in self.edits:
            if (text := self.edits[file]) is None:
                raise GraftError(f"{file} cannot be read: it is gone")
            return text.encode()
        try:
            return (self.root / file).read_bytes()
        except OSError as error:
            raise GraftError(f"{file} cannot be read: {error.strerror}") from error

    def text(self, file: str) -> str:
        """A file as UTF-8 text."""
        try:
            return self.content(file).decode()
        except UnicodeDecodeError as error:
            raise GraftError(f"{file} is not UTF-8: byte {error.start} cannot be read", "save it as UTF-8") from error

    def document(self, file: str) -> Document:
        """A YAML file as a tree with places, and what is wrong with how it is written."""
        return read_document(file, self.content(file))

    def sha256(self, file: str) -> str:
        """The SHA-256 of a file's bytes, in hexadecimal."""
        return hashlib.sha256(self.content(file)).hexdigest()

    def source(self, *folders: str) -> str:
        """The source of what is built from `folders`, as they are on the disk."""
        return source_of(folders, [file for folder in folders for file in self.files(f"{folder}/**/*")], self.content)


def _matches(file: str, pattern: str) -> bool:
    """Whether a glob pattern finds a file: `**/` stands for any folders, or for none."""
    path, (folder, _, name) = PurePosixPath(file), pattern.partition("**/")
    return path.match(pattern) or (bool(name) and file.startswith(folder) and path.match(name))


def source_of(folders: Sequence[str], files: Iterable[str], content: Callable[[str], bytes]) -> str:
    """Eight hexadecimal digits that change with whatever a component's image is built from: its `source`.

    That is every name and content of the `files` in the `folders` but tests, README, metadata and owners, and but what
    running and looking at the code leaves behind: `__pycache__`, `*.pyc`, `*.egg-info` and whatever begins with a dot.
    """
    digest, listed = hashlib.sha256(), sorted(files)
    for folder in folders:
        for file in (file for file in listed if file.startswith(f"{folder}/")):
            inside = file.removeprefix(f"{folder}/")
            if _NOT_BUILT.fullmatch(inside) or any(_LEFT_BEHIND.fullmatch(part) for part in inside.split("/")):
                continue
            name, data = inside.encode("utf-8", "surrogateescape"), content(file)
            digest.update(b"%d %d\n" % (len(name), len(data)) + name + data)
    return digest.hexdigest()[:8]
