"""Text that anybody may have written, as Markdown on GitHub that shows it and does nothing else.

Punctuation is written as numeric references, which no Markdown, HTML or table is made of. What GitHub makes something
else of after that (mentions, issues, addresses, names of emoji) a zero-width space parts.
https://github.com/gjtorikian/html-pipeline (the parents that its mention filter ignores)
"""

from __future__ import annotations

import re

from generators.output.plain import printable

_LINKED = re.compile(r"(@|#|://|www\.|GH-)(?=\S)|(:)(?=[\w+-]+:)", re.IGNORECASE)
_PARTED = "\u200b"
_HARMLESS = f" ,;:.()-/{_PARTED}→"


def code(text: str, longest: int = 400) -> str:
    """A value or a name, on one line."""
    return f"<code>{_references(_cut(text, longest)) or '&#32;'}</code>"


def prose(text: str) -> str:
    """Words of a sentence that values stand in."""
    return _references(_one_line(text))


def _references(text: str) -> str:
    parted = _LINKED.sub(rf"\g<0>{_PARTED}", text)
    return "".join(char if char.isalnum() or char in _HARMLESS else f"&#{ord(char)};" for char in parted)


def _one_line(text: str) -> str:
    """Without line breaks, and with what no reader sees written as an escape: controls, and marks of direction."""
    return printable(text)


def _cut(text: str, longest: int) -> str:
    line = _one_line(text)
    return line if len(line) <= longest else f"{line[:longest]}..."
