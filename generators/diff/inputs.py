"""The values of the inventory that a change changes, each once for all environments that it changes for."""

from __future__ import annotations

from collections.abc import Iterator

from generators.diff import leaves
from generators.diff.model import InputChange
from generators.diff.state import Side
from generators.inventory.paths import KeyPath, format_path


def inputs(base: Side, head: Side) -> tuple[InputChange, ...]:
    """Every leaf of the merged documents that differs, those of `base/` first."""
    groups: dict[InputChange, list[str]] = {}
    for name in sorted(base.documents.keys() | head.documents.keys()):
        for change in _of_environment(base, head, name):
            groups.setdefault(change, []).append(name)
    found = [InputChange(c.path, c.before, c.after, c.origin, tuple(names)) for c, names in groups.items()]
    return tuple(sorted(found, key=lambda each: (not each.in_base, each.origin, each.path)))


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
