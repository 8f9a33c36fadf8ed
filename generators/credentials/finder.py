"""Every credential of a text, once each, and the text without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from generators.credentials.commands import commanded
from generators.credentials.forms import formed
from generators.credentials.pairs import paired
from generators.credentials.urls import carried

HIDDEN = "(not shown)"


@dataclass(frozen=True, order=True)
class Credential:
    """Where a credential stands in a text, by offsets; never what it is."""

    start: int
    end: int
    rule: str
    what: str


def credentials(text: str, code: bool = False) -> list[Credential]:
    """The credentials of a text, in its order, none inside another; `code` is Python, where names are no values."""
    found = [Credential(start, end, rule, what) for rule, what, start, end in _all(text, code)]
    kept: list[Credential] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def masked(text: str) -> str:
    """The text with `(not shown)` in the place of each credential."""
    parts, at = [], 0
    for each in credentials(text):
        parts += [text[at : each.start], HIDDEN]
        at = each.end
    return "".join([*parts, text[at:]])


def _all(text: str, code: bool) -> Iterable[tuple[str, str, int, int]]:
    return chain(formed(text), carried(text), commanded(text), paired(text, code))
