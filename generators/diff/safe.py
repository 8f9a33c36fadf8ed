"""Text that anybody may have written, as Markdown on GitHub that shows it and does nothing else.

Punctuation is written as numeric references, which no Markdown, HTML or table is made of. What GitHub makes links of
after that (mentions, issues, addresses) it does not look for inside `<code>`; elsewhere a zero-width space parts it.
https://github.com/gjtorikian/html-pipeline (the parents that its mention filter ignores)
"""

from __future__ import annotations

import re

_LINKED = re.compile(r"(@|#|://|www\.|GH-)(?=\S)", re.IGNORECASE)
_PARTED = "\u200b"


def code(text: str, longest: int = 400) -> str:
    """A value or a name, on one line."""
    return f"<code>{_references(_cut(text, longest)) or '&#32;'}</code>"


def prose(text: str) -> str:
    """Words of a sentence that values stand in."""
    return _references(_LINKED.sub(rf"\1{_PARTED}", _one_line(text)), keep=f" ,;:.()-/{_PARTED}→")


def _references(text: str, keep: str = " ") -> str:
    return "".join(char if char.isalnum() or char in keep else f"&#{ord(char)};" for char in text)


def _one_line(text: str) -> str:
    """Without line breaks, and with what no reader sees written as an escape: controls, and marks of direction."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _cut(text: str, longest: int) -> str:
    line = _one_line(text)
    return line if len(line) <= longest else f"{line[:longest]}..."
