"""The values of the inventory that a change changes, each once for all environments that it changes for."""

from __future__ import annotations

from collections.abc import Iterator

from generators.diff import leaves
from generators.diff.model import InputChange
from generators.diff.state import Side
from generators.inventory.paths import KeyPath, format_path


def inputs(base: Side, head: Side) -> tuple[InputChange, ...]:
    """Every leaf of the merged documents that differs, those of `base/` first; what one line sets stands together."""
    groups: dict[tuple[str, str | None, str | None], dict[str, list[str]]] = {}
    for name in sorted(base.documents.keys() | head.documents.keys()):
        for each in _of_environment(base, head, name):
            where = each.origin or each.path, each.before, each.after
            groups.setdefault(where, {}).setdefault(each.path, []).append(name)
    found = [_together(*where[1:], where[0], paths) for where, paths in groups.items()]
    return tuple(sorted(found, key=lambda each: (not each.in_base, each.origin, each.path)))


def _together(before: str | None, after: str | None, origin: str, paths: dict[str, list[str]]) -> InputChange:
    """The change of the value that a line sets, whose path is the shortest, with those that refer to it."""
    first, *also = sorted(paths, key=lambda path: (path.count("."), len(path), path))
    names = sorted({name for several in paths.values() for name in several})
    return InputChange(first, before, after, "" if origin in paths else origin, tuple(names), tuple(also))


def _of_environment(base: Side, head: Side, name: str) -> Iterator[InputChange]:
    before, after = (side.documents.get(name) for side in (base, head))
    if before is None or after is None:
        if not (base.documents and head.documents):
            return
        texts = (None, "a new environment") if before is None else ("an environment", None)
        yield InputChange("environment", *texts, f"environments/{name}.yml:1", ())
        return
    for leaf in leaves.differences(before, after):
        path: KeyPath = tuple(int(part[1:-1]) if _is_index(part) else part for part in leaf.path)
        place = head.place(name, path) or base.place(name, path)
        yield InputChange(format_path(path), leaves.shown(leaf.before), leaves.shown(leaf.after), place, ())


def _is_index(part: str) -> bool:
    return part.startswith("[") and part[1:-1].isdigit()
