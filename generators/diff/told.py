"""Which leaves of a pipeline's objects a line already speaks of, so that each of the others gets a line of its own.

A leaf is left out only where a line has the very values that it has, or where the names of versions alone explain it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from generators.diff import leaves
from generators.diff.leaves import ABSENT, Leaf
from generators.diff.model import Line
from generators.ir.definitions import CONTENT_LABEL
from generators.quantities import quantity

_ABOUT = {  # a kind of line to keys that a leaf has on its way, in any form of manifest, beside the line's name
    "image": ("image",), "resource": ("resources",), "timeout": ("activeDeadlineSeconds",),
}  # fmt: skip
_GB = 10**9
REFERENCE = re.compile(r"secret (?P<name>[^,]+), key (?P<key>.+)")  # what a variable has its value of
_SCHEDULE = {"schedule", "schedules", "timeZone", "timezone", "suspend"}


def untold(found: list[Leaf], lines: Iterable[Line], names: Mapping[str, str], scheduled: bool) -> list[Leaf]:
    """The leaves that nothing speaks of; `names` are old to new names of the versions, `scheduled` whether the
    schedule is spoken of."""
    known = [(line, _normal(line.before), _normal(line.after)) for line in lines]
    rest = [
        leaf
        for leaf in found
        if not (_renames(leaf, names) or any(_speaks_of(*each, leaf) for each in known))
        and not (scheduled and leaf.path[0] == "spec" and _SCHEDULE & set(leaf.path[1:2]))
    ]
    if len(found) == 1:
        return rest
    return [leaf for leaf in rest if leaf.path != ("metadata", "labels", CONTENT_LABEL)]  # it follows the others


def _renames(leaf: Leaf, names: Mapping[str, str]) -> bool:
    """Whether a text is another only by the names of the versions in it."""
    if not isinstance(leaf.before, str) or not isinstance(leaf.after, str):
        return False
    text = leaf.before
    for old, new in names.items():
        text = text.replace(old, new)
    return text == leaf.after


def _speaks_of(line: Line, before: Any, after: Any, leaf: Leaf) -> bool:
    if line.what == "secret" and (leaf.before, leaf.after) in _references(line):
        return any(part.startswith("secret") for part in leaf.path)
    if line.what in ("variable", "secret") and leaf.path[-1] == "name":  # the name of one that comes or goes
        return line.name in (leaf.before, leaf.after) and (line.before is None or line.after is None)
    if (_leaf(leaf, leaf.before), _leaf(leaf, leaf.after)) != (before, after):
        return False
    keys = {part.strip("[]") for part in leaf.path}
    if line.what in ("parameter", "label", "annotation"):
        return line.name.partition(".")[0].partition("[")[0] in keys
    if line.what in ("variable", "secret"):
        return line.name in keys
    return any(key in keys for key in _ABOUT.get(line.what, ()))


def _references(line: Line) -> Iterator[tuple[str, str]]:
    """The names and the keys of the Secrets that a variable had its value of and has it of, as manifests have them."""
    before, after = (REFERENCE.fullmatch(text or "") for text in (line.before, line.after))
    if before and after:
        yield before["name"], after["name"]
        yield before["key"], after["key"]


def _leaf(leaf: Leaf, value: Any) -> Any:
    """The value of a leaf; of memory KFP keeps a number of gigabytes beside the quantity."""
    is_twin = isinstance(value, float) and leaf.path[-1].startswith("memory")
    return _normal(round(value * _GB) if is_twin else value)


def _normal(value: Any) -> str | None:
    """A value whatever form it is written in: JSON in a text, a quantity, a number."""
    if value is ABSENT or value is None:
        return None
    if isinstance(value, str):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        try:
            value = float(quantity(value))
        except ValueError:
            return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return leaves.shown(float(value) if is_number else value)
