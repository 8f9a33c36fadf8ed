"""Finds the references in a text, `${a:b}` and `${a:${b}}`; resolving them is reclass-rs's part."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from generators.inventory.paths import KeyPath


@dataclass(frozen=True)
class Reference:
    """One reference as written, and the parts that its path is made of: text, or references inside it."""

    text: str
    parts: tuple[str | Reference, ...]

    def path(self, value_of: Callable[[KeyPath], object]) -> KeyPath | None:
        """The path that is referred to; `value_of` gives the values that references inside stand for."""
        words = ""
        for part in self.parts:
            inner = part if isinstance(part, str) else _value(part, value_of)
            if inner is None:
                return None
            words += inner
        return tuple(words.split(":"))

    def could_be(self, text: str) -> bool:
        """Whether `text`, in which reclass-rs has put values for references inside, was this reference."""
        pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in self.parts)
        return re.fullmatch(r"\$\{" + pattern + r"\}", text) is not None


def references(text: str) -> tuple[Reference, ...]:
    """The references in `text`, outermost first, without those written `\\${` to be taken literally."""
    found: list[Reference] = []
    position = 0
    while (start := text.find("${", position)) >= 0:
        if _escaped(text, start):
            position = start + 2
            continue
        reference, position = _reference(text, start)
        if reference:
            found.append(reference)
    return tuple(found)


def whole_reference(value: object) -> Reference | None:
    """The reference that a value consists of, so that it takes the place of a list or mapping too."""
    if not isinstance(value, str) or not value.startswith("${"):
        return None
    found = references(value)
    return found[0] if len(found) == 1 and found[0].text == value else None


def nested(reference: Reference) -> tuple[Reference, ...]:
    """The reference and every one inside it."""
    inner = [part for part in reference.parts if isinstance(part, Reference)]
    return (reference, *(deeper for part in inner for deeper in nested(part)))


def _value(reference: Reference, value_of: Callable[[KeyPath], object]) -> str | None:
    path = reference.path(value_of)
    value = value_of(path) if path else None
    return str(value) if isinstance(value, str | int) else None


def _escaped(text: str, start: int) -> bool:
    backslashes = len(text[:start]) - len(text[:start].rstrip("\\"))
    return backslashes % 2 == 1


def _reference(text: str, start: int) -> tuple[Reference | None, int]:
    """The reference that starts at `start` and the position after it; None where it has no end."""
    parts: list[str | Reference] = []
    position = start + 2
    while position < len(text):
        if text.startswith("${", position):
            inner, position = _reference(text, position)
            if inner is None:
                return None, len(text)
            parts.append(inner)
        elif text[position] == "}":
            return Reference(text[start : position + 1], tuple(parts)), position + 1
        elif parts and isinstance(parts[-1], str):
            parts[-1] += text[position]
            position += 1
        else:
            parts.append(text[position])
            position += 1
    return None, len(text)
