"""Values and numbers as a sentence has them."""

from __future__ import annotations


def short(text: str | None, width: int = 40) -> str:
    """A value in a sentence."""
    if text is None:
        return "(none)"
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 3]}..."


def counted(count: int, noun: str) -> str:
    """A number of things."""
    if count == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("cy") else f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count} {plural}"


def turned(before: str | None, after: str | None, width: int = 40) -> str:
    """A value that becomes another: of long ones what comes before the difference is cut to a few characters."""
    if before and after and max(len(before), len(after)) > width:
        start = max(alike(before, after) - width // 4, 0)
        before, after = (f"...{text[start:]}" if start else text for text in (before, after))
    return f"{short(before, width)} -> {short(after, width)}"


def alike(before: str, after: str) -> int:
    """How many characters two texts begin alike with."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(before), len(after)))
