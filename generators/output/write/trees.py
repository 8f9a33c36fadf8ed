"""Make machine-written folders equal to what was rendered, at once or not at all.

    definitions/  gains the new definitions          first, so that what rendered/ refers to always exists
    rendered/     becomes the new tree               in one step
    definitions/  loses those nothing refers to      last

A file that stays the same stays the same file, with its inode and time; a file that nothing renders any more goes, and
so do folders left empty. Killed at any moment, each folder is as it was before or as it is after its step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from generators.output.write import swap
from generators.output.write.compare import (
    Content,
    Difference,
    Scope,
    Tree,
    compare,
    entries,
    everything,
    refuse_names,
    text_of,
)
from generators.output.write.lock import writing

_SHARE = 256  # files that are on their way to the disk at a time


@dataclass(frozen=True)
class Summary:
    """What writing did: paths from the root, sorted, and the number of files left alone."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write_trees(
    root: Path, trees: Mapping[str, Tree], store: Mapping[str, Tree] | None = None, scope: Scope = everything
) -> Summary:
    """Make every folder of `trees` and `store` (name to path to text) equal to its tree.

    Folders in `store` hold files that the others refer to. A file outside `scope` (a function of a path from the root)
    stays unless a tree names it.
    """
    store = store or {}
    refuse_names(root, {**trees, **store})
    for name, tree in (*trees.items(), *store.items()):
        refuse_names(root / name, tree)
    steps = [
        *((name, tree, _nothing) for name, tree in store.items()),
        *((name, tree, scope) for name, tree in trees.items()),
        *((name, tree, scope) for name, tree in store.items()),
    ]
    written: set[str] = set()
    removed: set[str] = set()
    with writing(root) as scratch:
        swap.recover(scratch, root)
        for name, tree, within in steps:
            found = _write_tree(scratch, root, name, tree, within)
            written.update(f"{name}/{path}" for path in (*found.missing, *found.changed))
            removed.update(f"{name}/{path}" for path in found.extra)
    total = sum(len(tree) for tree in (*trees.values(), *store.values()))
    return Summary(tuple(sorted(written)), tuple(sorted(removed)), total - len(written))


def _nothing(path: str) -> bool:
    return False


def _write_tree(scratch: Path, root: Path, name: str, tree: Tree, scope: Scope) -> Difference:
    """Build the smallest folder that holds every difference anew beside the old one, then exchange the two."""
    folder = root / name
    present = dict(entries(folder))
    found = compare(present, tree, lambda path: scope(f"{name}/{path}"))
    kept = present.keys() - found.paths
    wanted = kept | tree.keys()
    if not kept <= tree.keys():
        refuse_names(folder, wanted)
    if found:
        inside = _smallest_folder(found, wanted)
        texts = {path: None if path in kept else tree[path] for path in wanted if path.startswith(inside)}
        _build(scratch / "new", folder, inside, texts)
        swap.replace(scratch, root, f"{name}/{inside}".rstrip("/"))
    return found


def _smallest_folder(found: Difference, wanted: set[str]) -> str:
    """Return the deepest folder, as `a/b/` or empty, that holds all differences and still holds a file afterwards."""
    inside = os.path.commonpath([path.rpartition("/")[0] for path in found.paths])
    while inside and not any(path.startswith(f"{inside}/") for path in wanted):
        inside = inside.rpartition("/")[0]
    return f"{inside}/" if inside else ""


def _build(new: Path, folder: Path, inside: str, texts: Mapping[str, str | Content | None]) -> None:
    """Write `texts` below `new`, which becomes `folder`/`inside`; None is a file that stays as it is."""
    new.mkdir()
    target = f"{new}/"
    for parent in sorted({path[len(inside) :].rpartition("/")[0] for path in texts}):
        Path(target + parent).mkdir(parents=True, exist_ok=True)

    written: dict[str, str] = {}  # digest to a file with that content: clusters that say the same have equal files

    def build(path: str) -> None:
        text, file = texts[path], target + path[len(inside) :]
        if text is None:
            _link(f"{folder}/{path}", file)
        elif isinstance(text, Content) and text.digest in written:
            shutil.copyfile(written[text.digest], file)
        else:
            Path(file).write_bytes(text_of(text).encode())
            if isinstance(text, Content):
                written[text.digest] = file

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # most of it is the file system's time
        for share in _shares(sorted(texts)):
            list(pool.map(build, share))


def _shares(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    """The paths, so many at a time that the texts being written do not pile up."""
    return (paths[at : at + _SHARE] for at in range(0, len(paths), _SHARE))


def _link(old: str, new: str) -> None:
    """Make the unchanged file `old` stand at `new` too: the same file where the file system has links."""
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)
