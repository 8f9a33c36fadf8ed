"""Values as they may be shown: `(not shown)` in the place of each credential, by what it is and by what names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generators.credentials.finder import HIDDEN, masked
from generators.credentials.names import names_credential
from generators.credentials.pairs import stands_for

_VALUES = ("value", "default", "defaultValue")
_PART, _LONGEST_PATH = re.compile(r"[^.\[\]\"]+"), 500  # of a path, of which the last key is of interest
_WRITTEN = re.compile(r"(?P<quote>[\"'])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.){1,4096})(?P=quote)")


def without_credentials(value: Any, name: str = "") -> Any:
    """A value, and all that is in it, as it may be shown; `name` is the key that it stands under."""
    if isinstance(value, dict):
        return {key: without_credentials(item, name_among((name, key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_credentials(item, name) for item in value]
    return hidden(value, name) if isinstance(value, str) else value


def hidden(text: str, name: str = "") -> str:
    """The text of a value that stands under `name`, which may quote what it holds: `["x"]` for a list."""
    if name and stands_for(name, text.strip("\"'")):
        return HIDDEN
    if name:
        text = _WRITTEN.sub(lambda found: _quoted(found, name), text)
    for quote in "'\"":
        if text.count(quote) % 2:  # a line that is quoted may lack its end
            return masked(f"{text}{quote}").removesuffix(quote)
    return masked(text)


def name_among(path: Sequence[str | int]) -> str:
    """The key of a path that says what its value is; "" of a reference, {secret: x, key: y}, which says where it is."""
    keys = [part for part in path if isinstance(part, str)]
    while keys and keys[-1] in _VALUES:
        keys.pop()
    if keys[-1:] in (["secret"], ["key"]) and len(keys) > 1 and names_credential(keys[-2]):
        return ""
    return keys[-1] if keys else ""


def name_in(path: str) -> str:
    """The same of a path as text, such as `pipelines.greet.parameters.words[0]`: the key that it leads to or into."""
    return name_among([part for part in _PART.findall(path[-_LONGEST_PATH:]) if not part.isdigit()])


def _quoted(found: re.Match[str], name: str) -> str:
    quote = found["quote"]
    return f"{quote}{HIDDEN}{quote}" if stands_for(name, found["value"]) else found[0]
