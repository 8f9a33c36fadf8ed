"""Text of others as a terminal may be given it: it moves no cursor, sets no title, rings no bell and has no colour."""

from __future__ import annotations

import re

LEFT_OUT = "lines are not shown, the log has them ..."  # how a line ends that counts what a step has printed too fast
# Control sequences of ECMA-48, in seven bits and in eight: of a device (CSI), with a text that ends in BEL or ST
# (OSC, which sets a title, DCS, SOS, PM, APC), and the others, which are ESC and a character or two.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)


def plain(line: str) -> str:
    """One line as a terminal would show it in the end, without its colour.

    What a carriage return or a backspace has written over is gone, and what else cannot be seen is an escape.
    """
    if line.isprintable():
        return line
    seen = _SEQUENCE.sub("", line).expandtabs()
    return printable(_written_over(seen))


def printable(line: str) -> str:
    """The line with every character that cannot be seen as an escape: what is quoted must show what it holds."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


def _written_over(line: str) -> str:
    """What is left of a line whose cursor went back to its beginning, or by a character."""
    line = next((part for part in reversed(line.split("\r")) if part.strip()), "")
    if "\b" not in line:
        return line
    kept: list[str] = []
    for char in line:
        if char != "\b":
            kept.append(char)
        elif kept:
            kept.pop()
    return "".join(kept)
