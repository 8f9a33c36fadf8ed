"""Finds what Git leaves in a file that two branches have changed, and that nobody has decided about yet."""

from __future__ import annotations

import re

CONFLICT = "Git's conflict markers stand here: two changes of these lines were not brought together"
CONFLICT_FIX = "keep the lines that are meant, and remove <<<<<<<, =======, >>>>>>> and the other lines"
_CONFLICT = re.compile(r"^<{7} .*?^(={7})\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)
_ONE = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)


def conflict_line(text: str, broken: bool = False) -> int | None:
    """The line of the first conflict in a text; where it is `broken` anyway, half of one is enough."""
    found = _CONFLICT.search(text) or (_ONE.search(text) if broken else None)
    return text.count("\n", 0, found.start()) + 1 if found else None
