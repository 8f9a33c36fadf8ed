"""What becomes of each object of a cluster, and the fields of it that nothing else speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generators.checks.history.change import Change as History
from generators.checks.history.change import Found, Identity, identified
from generators.delivery.names import ARGOCD, PLATFORM
from generators.diff import leaves
from generators.diff.leaves import Leaf
from generators.diff.model import Line, ObjectChange
from generators.diff.state import Side
from generators.diff.told import untold
from generators.inventory.read import Repository

Told = Mapping[str, tuple[list[Line], Mapping[str, str], bool]]  # by folder: lines, names, whether the schedule is told


def history(base: Side, head: Side, repository: Repository | None) -> History:
    """The two sides as `checks.history` compares them."""
    before, after = identified(base.objects), identified(head.objects)
    return History(repository, "", before, after, base.files, head.files, base.sizes)


def objects(change: History, base: Side, head: Side, told: Told) -> Iterator[ObjectChange]:
    """Every object that changes, and what stands in `rendered/` and is none of a cluster's."""
    gone, new = dict(change.deleted), {key: found for key, found in change.after.items() if key not in change.before}
    for old, identity in _replaced(gone, new):
        before, found = gone.pop(old), new.pop(identity)
        action = "deleted" if change.is_pruned(old) else "replaced"
        yield _changed(action, identity, before, found, told, old.name)
    for identity, before, found in change.kept:
        if before != found.object:
            yield _changed("updated", identity, Found(found.file, before), found, told)
    for identity, found in new.items():
        yield _alone("created", identity, found)
    for identity, found in gone.items():
        pruned = change.is_pruned(identity)
        why = "" if pruned else "Argo CD leaves it in the cluster"
        yield replace(_alone("deleted" if pruned else "left", identity, found), why=why)
    yield from _documents(base, head, told)


def alike(found: Iterator[ObjectChange]) -> tuple[ObjectChange, ...]:
    """The same said once for all places that it is true of."""
    groups: dict[Any, list[str]] = {}
    for each in found:
        groups.setdefault(replace(each, places=()), []).extend(each.places)
    return tuple(replace(each, places=tuple(dict.fromkeys(places))) for each, places in groups.items())


def _replaced(gone: Mapping[Identity, Found], new: Mapping[Identity, Found]) -> Iterator[tuple[Identity, Identity]]:
    """Pairs of the only object of a kind that goes from a file and the only one that comes: named by their content."""

    def at(key: Identity, found: Found) -> tuple[str, str, str]:
        return found.file, key.group, key.kind

    leaving, coming = ({}, {})
    for groups, each in ((leaving, gone), (coming, new)):
        for key, found in each.items():
            groups.setdefault(at(key, found), []).append(key)
    for where, keys in leaving.items():
        if len(keys) == 1 and len(coming.get(where, ())) == 1:
            yield keys[0], coming[where][0]


def _changed(action: str, identity: Identity, before: Found, after: Found, told: Told, was: str = "") -> ObjectChange:
    lines, names, scheduled = told.get(after.file.rpartition("/")[0], ([], {}, False))
    found = list(leaves.differences(before.object, after.object))
    rest = tuple(_line(leaf) for leaf in untold(found, lines, names, scheduled))
    return ObjectChange(action, identity.kind, identity.name, (_place(identity),), _part(after.file), was, rest)


def _alone(action: str, identity: Identity, found: Found) -> ObjectChange:
    return ObjectChange(action, identity.kind, identity.name, (_place(identity),), _part(found.file))


def _documents(base: Side, head: Side, told: Told) -> Iterator[ObjectChange]:
    """Documents that are no objects: the IR that this machine or Vertex AI runs."""
    for file in sorted(base.objects.keys() | head.objects.keys()):
        before, after = ([doc for doc in side.objects.get(file, []) if not _is_object(doc)] for side in (base, head))
        found = list(leaves.differences(before, after))
        if not found:
            continue
        action = "updated" if before and after else "created" if after else "deleted"
        folder, name = file.rpartition("/")[::2]
        rest = ()
        if action == "updated":
            rest = tuple(_line(leaf) for leaf in untold(found, *told.get(folder, ([], {}, False))))
        yield ObjectChange(action, "file", name, ("/".join(file.split("/")[1:3]),), _part(file), "", rest)


def _is_object(doc: Any) -> bool:
    return isinstance(doc, dict) and isinstance(doc.get("metadata"), dict) and "kind" in doc


def _line(leaf: Leaf) -> Line:
    return Line("field", "", leaf.name, leaves.shown(leaf.before), leaves.shown(leaf.after))


def _place(identity: Identity) -> str:
    return f"{identity.environment}/{identity.cluster}"


def _part(file: str) -> str:
    """What of a cluster a file belongs to: a pipeline, its platform, or Argo CD's objects."""
    parts = file.split("/")
    return ARGOCD if parts[2] == ARGOCD else parts[3] if len(parts) > 4 else PLATFORM
