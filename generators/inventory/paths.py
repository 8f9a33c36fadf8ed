"""Names a value inside a document: `clusters.prod-eu.capacity."nvidia.com/gpu"` and `variants[0].units`."""

from __future__ import annotations

import re
from typing import Any

KeyPath = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r'[^.\[\]"\s]+')
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|\[(\d+)\]|([^.\[\]"]+)')


def format_path(path: KeyPath) -> str:
    """The path as a person writes it: dots between keys, quotes around a key that holds one, [0] for an item."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        key = part if _PLAIN_KEY.fullmatch(part) else '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f".{key}" if text else key
    return text


def parse_path(text: str) -> KeyPath:
    """The parts of a written path; the inverse of `format_path`, and lenient about what it cannot read."""
    parts: list[str | int] = []
    for quoted, index, plain in _PART.findall(text):
        if index:
            parts.append(int(index))
        else:
            parts.append(re.sub(r"\\(.)", r"\1", quoted) if quoted or not plain else plain)
    return tuple(parts)


def lookup(document: Any, path: KeyPath) -> Any:
    """The value at `path` of a plain document; KeyError where there is none."""
    for part in path:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            raise KeyError(format_path(path)) from None
    return document


def match_path(document: Any, text: str) -> tuple[KeyPath, str]:
    """The longest path that exists of the one written in `text`, and what is left over of it.

    Keys that hold dots need no quotes where the document decides: `capacity.nvidia.com/gpu` finds the key
    `nvidia.com/gpu`, because at each level the longest key that fits is taken.
    """
    parts = list(parse_path(text))
    path: list[str | int] = []
    while parts:
        taken = _longest_key(document, parts)
        if not taken:
            break
        part = parts[0] if taken == 1 else ".".join(map(str, parts[:taken]))
        if isinstance(document, list):
            part = int(part)
        path.append(part)
        document, parts = document[part], parts[taken:]
    return tuple(path), format_path(tuple(parts))


def _longest_key(document: Any, parts: list[str | int]) -> int:
    if isinstance(document, list):
        return int(str(parts[0]).isdigit() and int(parts[0]) < len(document))
    if not isinstance(document, dict):
        return 0
    return next((n for n in range(len(parts), 0, -1) if ".".join(map(str, parts[:n])) in document), 0)
