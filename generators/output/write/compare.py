"""Say how a machine-written folder differs from the tree it should be: the whole of `graft render --check`.

A tree names each file's text, or its digest with a way to get the text, so that what is on the disk already is never
made or read again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from generators.errors import GraftError
from generators.output.digest import digest

# An empty part, `.` or `..`, and characters that some system gives a meaning.
_OUTSIDE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\0\\]")

_SHARE = 32  # files that one thread compares at a time


@dataclass(frozen=True)
class Content:
    """What a file should hold: its digest, and a function that gives the text."""

    digest: str
    text: Callable[[], str]


Tree = Mapping[str, str | Content]
Scope = Callable[[str], bool]


@dataclass(frozen=True)
class Difference:
    """How a folder differs from a tree: paths inside it, sorted, and the number of those that are equal."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    extra: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.extra)

    @property
    def paths(self) -> tuple[str, ...]:
        return (*self.missing, *self.changed, *self.extra)


def everything(path: str) -> bool:
    """The scope that holds every file."""
    return True


def difference(folder: Path, tree: Tree, scope: Scope = everything) -> Difference:
    """Compare the files of `folder` within `scope` (a function of a path inside it) with `tree`; changes nothing."""
    refuse_names(folder, tree)
    return compare(dict(entries(folder)), tree, scope)


def compare(present: Mapping[str, os.DirEntry[str]], tree: Tree, scope: Scope) -> Difference:
    """Compare the files that were found by `entries` with `tree`."""
    both = present.keys() & tree.keys()
    equal = _equal(sorted(both), present, tree)
    return Difference(
        missing=tuple(sorted(tree.keys() - both)),
        changed=tuple(sorted(both - equal)),
        extra=tuple(sorted(path for path in present.keys() - both if scope(path))),
        unchanged=len(equal),
    )


def files(folder: Path) -> Iterator[str]:
    """Yield the path inside of everything below `folder` that is not itself a folder."""
    return (path for path, _ in entries(folder))


def entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield everything below `folder` that is not itself a folder, with its path inside; a link counts as a file."""
    pending = [""] if folder.exists() else []
    while pending:
        inside = pending.pop()
        with os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{inside}{entry.name}/")
                else:
                    yield inside + entry.name, entry


def text_of(content: str | Content) -> str:
    """The text that a file should hold."""
    return content if isinstance(content, str) else content.text()


def _equal(paths: Sequence[str], present: Mapping[str, os.DirEntry[str]], tree: Tree) -> set[str]:
    """The paths whose files hold what they should; hashing them lets the other threads run."""

    def compared(at: int) -> list[str]:
        return [path for path in paths[at : at + _SHARE] if _holds(present[path], tree[path])]

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        shares = pool.map(compared, range(0, len(paths), _SHARE))
        return {path for share in shares for path in share}


def _holds(entry: os.DirEntry[str], content: str | Content) -> bool:
    """Whether a file is a plain one with exactly this content."""
    if not entry.is_file(follow_symlinks=False):
        return False
    data = Path(entry.path).read_bytes()
    return data == content.encode() if isinstance(content, str) else digest(data) == content.digest


def refuse_names(folder: Path, names: Collection[str]) -> None:
    """Raise for a folder that is not one, and for names that would leave it or cannot stand beside one another."""
    problems = []
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        problems.append(f"{folder}: not a folder of its own, and graft writes only into those; remove it")
    folders = {parent for name in names for parent in accumulate(name.split("/")[:-1], "{}/{}".format)}
    folded: dict[str, str] = {}
    for name in sorted(names):
        if _OUTSIDE.search(name):
            problems.append(f"{folder}: {name!r} does not stay inside; name a file by plain parts joined with /")
        if name in folders:
            problems.append(f"{folder}: {name!r} is a file and a folder at once; rename one of them")
        if folded.setdefault(name.casefold(), name) != name:
            problems.append(f"{folder}: {name!r} and {folded[name.casefold()]!r} are one file on macOS; rename one")
    if problems:
        raise GraftError("\n".join(problems))
