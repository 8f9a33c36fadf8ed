"""`graft set`: values of an environment's overlay, each merged into what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from generators.edit import overlay
from generators.edit.accepted import Accepted, accept
from generators.edit.assignments import Assignment, refused
from generators.edit.overlay import Overlay
from generators.errors import Refused
from generators.fleet.cache import Cache
from generators.inventory import merge
from generators.inventory.explain import place_of
from generators.inventory.paths import format_path, lookup
from generators.inventory.read import Repository, plain
from generators.model import Finding


@dataclass(frozen=True)
class Setting:
    """The edit, None where every key has its value already, and a line for each of those that have."""

    accepted: Accepted | None
    already: tuple[str, ...]


def setting(repository: Repository, environment: str, assignments: Sequence[Assignment], cache: Cache) -> Setting:
    """The edit that gives each key its value; Refused, and nothing written, with all that is wrong with them."""
    own = overlay.of(repository, environment)
    wanted = [each for each in assignments if not _is_so(own, each)]
    already = tuple(_said(own, each) for each in assignments if each not in wanted)
    if not wanted:
        return Setting(None, already)
    text, keys = own.edited(wanted), {format_path(own.path(each.key)): each.key for each in wanted}
    found = accept(repository, {own.merged.file: text}, cache, keys)
    if wrong := [*_unlike(own, found, wanted), *_redundant(own, found, wanted)]:
        raise Refused(wrong, "nothing was written")
    return Setting(found, already)


def _is_so(own: Overlay, wanted: Assignment) -> bool:
    """Whether a key has this value already, in the same type."""
    if wanted.value is None or wanted.replaces:
        return False
    try:
        return _same(own.value(own.path(wanted.key)), plain(wanted.value))
    except KeyError:
        return False


def _said(own: Overlay, wanted: Assignment) -> str:
    return f"{wanted.key} is that already ({place_of(own.merged, own.path(wanted.key))})"


def _unlike(own: Overlay, found: Accepted, wanted: Iterable[Assignment]) -> Iterable[Finding]:
    """Keys whose merged value is not what was asked for: a mapping has what the classes say as well."""
    after = merge.load(found.repository.edited(found.edits), [own.merged.file]).environments[own.merged.name]
    for each in wanted:
        if each.value is None or _refers(plain(each.value)):
            continue
        path, asked = own.path(each.key), plain(each.value)
        if not _same(lookup(after.parameters, path), asked):
            message = "would be merged with what the classes say, and be more than was asked for"
            fix = f"set the keys below it one by one, or replace all of it: {_replacing(each.key, path)}=..."
            merged = lookup(after.parameters, path)
            more = ", ".join(key for key in merged if key not in asked) if isinstance(merged, dict) else str(merged)
            yield refused(each.key, "merged", message, fix, more)


def _redundant(own: Overlay, found: Accepted, wanted: Iterable[Assignment]) -> Iterable[Finding]:
    """Keys that would only repeat what they override."""
    repeated = {each.path: each for each in found.warnings(own.merged.name) if each.rule == "redundant"}
    for each in wanted:
        if each.value is not None and (finding := repeated.get(format_path(own.path(each.key)))):
            fix = f"run: graft set {own.merged.name} --unset {each.key}"
            yield refused(each.key, "redundant", finding.message, fix, finding.found)


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same type all the way down: 1 is not true, and not 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _refers(value: Any) -> bool:
    """Whether a value has a reference in it, or one that is escaped: what it is merged into is another text."""
    if isinstance(value, dict):
        return any(map(_refers, value.values()))
    if isinstance(value, list):
        return any(map(_refers, value))
    return isinstance(value, str) and "${" in value


def _replacing(key: str, path: Sequence[str | int]) -> str:
    last = format_path(path[-1:])
    return f"{key.removesuffix(last)}~{last}"
