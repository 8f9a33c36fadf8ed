"""Where graft may write: inside of the folder that it was given, whatever links a pull request has put there."""

from __future__ import annotations

from pathlib import Path

from generators.errors import GraftError

SCRATCH = ".graft"


def resolved(path: Path, root: Path) -> Path:
    """The file that a path below `root` stands for; GraftError where a link on its way leads out of the folder."""
    found = path.resolve()
    if not found.is_relative_to(root.resolve()):
        raise GraftError(f"{path} leads to {found}, which is outside of {root}", "remove the link: graft follows none")
    return found


def refuse_links(root: Path, path: str) -> Path:
    """The path `root`/`path`; GraftError where it, or a folder on its way from `root`, is a link."""
    place = root
    for part in Path(path).parts:
        place = place / part
        if place.is_symlink():
            raise GraftError(f"{place} is a link, and graft writes through none", "remove it")
    return place


def scratch(root: Path, *parts: str) -> Path:
    """A folder for graft's own use in a repository, which is made; GraftError where a link stands in its place."""
    place = refuse_links(root, "/".join((SCRATCH, *parts)))
    if place.exists() and not place.is_dir():
        raise GraftError(f"{place} is not a folder, and graft keeps its own files there", "remove it")
    place.mkdir(parents=True, exist_ok=True)
    return place
