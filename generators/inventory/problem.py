"""What is wrong with a document, before it is known where that stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from generators.inventory.paths import KeyPath, format_path
from generators.model import Finding, Place

_READ = 1_000  # characters of a value that are looked at, to show a hundred of them
_USERINFO = re.compile(r"(://)[^\s\"]*@")


@dataclass(frozen=True)
class Problem:
    """A finding before it has a place: `path` leads from the document's top to the value or key.

    `check` is the family of the finding. `replacement` is a value that would pass in its place, for the checks to go on
    with, and `missing` the key that it is for where a key is missing; without one the value is best left out. `against`
    are the paths of other values that it goes by: where one of those is a guess, so is the problem. `place` is where it
    stands if that is in no file of the inventory.
    """

    path: KeyPath
    rule: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""
    check: str = "schema"
    missing: str = field(default="", compare=False)
    replacement: Any = field(default=None, compare=False)
    against: tuple[KeyPath, ...] = field(default=(), compare=False)
    place: Place | None = field(default=None, compare=False)

    @property
    def about_key(self) -> bool:
        """Whether the key itself is the problem, and not its value."""
        return self.rule.startswith(("unknown-", "missing-", "unused"))

    def at(self, place: Place, verdict: str = "invalid") -> Finding:
        """The problem as a finding at a place."""
        path = format_path(self.path)
        return Finding(verdict, self.check, self.rule, place, path, self.message, self.found, self.allowed, self.fix)


def shown(value: Any) -> str:
    """A value on one line, as a person would write it in YAML, cut where it is long, without credentials in a URL."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    begin, rest = text[:_READ], text[_READ:]
    begin = _USERINFO.sub(r"\1(not shown)@", f"{begin}@" if "@" in rest else begin)
    return begin if len(begin) <= 100 and not rest else begin[:97] + "..."
