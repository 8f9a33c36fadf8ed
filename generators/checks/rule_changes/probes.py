"""Values that one schema refuses and another accepts, where the text of both does not tell which accepts more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generators.errors import GraftError
from generators.inventory.schema import accepting

_EVERY_KIND = (None, True, -1, 0, 0.5, 3, 10**12, [], ["a", "a"], {}, {"a": "b"})
_TEXTS = (
    "",
    " ",
    "\n",
    "\0",
    "a",
    "A",
    "0",
    "-",
    ".",
    "*",
    "latest",
    "a b",
    "a/b:c@d",
    "http://a.test/?b",
    "é",
    "a" * 300,
)


def accepted(old: dict[str, Any], new: dict[str, Any], examples: Iterable[Any] = ()) -> list[Any]:
    """The values tried that the old schema refuses and the new one accepts; `examples` of the old one are varied."""
    tried = (*_EVERY_KIND, *_TEXTS, *_varied(examples))
    try:
        before, after = accepting(old), accepting(new)
        return [each for each in tried if after(each) and not before(each)]
    except (GraftError, TypeError, ValueError, RecursionError):  # it refers to what stands elsewhere, or takes too long
        return []


def _varied(examples: Iterable[Any]) -> Iterator[str]:
    for each in examples:
        if isinstance(each, str):
            yield from (each[1:], each[:-1], f"{each}!", f"!{each}", f"{each}\n", f"{each}{each}", each.swapcase())
