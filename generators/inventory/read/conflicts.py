"""Finds what Git leaves in a file that two branches have changed, and that nobody has decided about yet."""

from __future__ import annotations

import re

CONFLICT = "Git's conflict markers stand here: two changes of these lines were not brought together"
CONFLICT_FIX = "keep the lines that are meant, and remove <<<<<<<, =======, >>>>>>> and the other lines"
_MARKER = re.compile(r"^(?:<{7} |={7}\r?$|>{7} )", re.MULTILINE)


def conflict_line(text: str, broken: bool = False) -> int | None:
    """The line of the first conflict in a text; where it is `broken` anyway, half of one is enough."""
    begun = half = None
    divided = False
    for marker in _MARKER.finditer(text):
        kind = marker[0][0]
        half = marker.start() if half is None and kind != "=" else half
        if kind == "<" and begun is None:
            begun = marker.start()
        elif kind == "=" and begun is not None:
            divided = True
        elif kind == ">" and divided:
            return _line(text, begun)
    return _line(text, half) if broken and half is not None else None


def _line(text: str, start: int | None) -> int:
    return text.count("\n", 0, start) + 1
