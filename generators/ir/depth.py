"""How deep a text is nested, told before a reader is given it whose stack would overflow."""

from __future__ import annotations

import re

_BRACKET = re.compile(r"[\[\]{}]")


def deepest(text: str) -> int:
    """How deep the brackets of JSON, or of YAML's flow style, go at the least, whatever they stand for."""
    found = depth = 0
    for match in _BRACKET.finditer(text):
        depth += 1 if match[0] in "[{" else -1
        found = max(found, depth)
    return found
