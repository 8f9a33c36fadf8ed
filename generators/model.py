"""The nouns of graft as frozen values: what an inventory says, and what a check finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, order=True)
class Place:
    """Where a value was written: a file relative to the repository, a line and a column, both from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Finding:
    """One problem, with its place, what was found, what is allowed, and what to do.

    `verdict` is `invalid`, `denied`, `warning` or `unchecked` (it could not be checked); `check` is the family
    (read, schema, ir, ...), `rule` the single rule inside it.
    """

    verdict: str
    check: str
    rule: str
    place: Place
    path: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""

    @property
    def failing(self) -> bool:
        """Whether this finding alone makes a check fail; a warning does not."""
        return self.verdict != "warning"
