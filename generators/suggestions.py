"""Helps a message to name what its reader probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 200  # characters of a word that something near is looked for; nobody misspells a longer one
MOST = 100  # suggestions in one place: a reader who has made more mistakes there has made another one


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was most likely meant to be, or None where nothing is near.

    That may be the one whose last part it is: `train` of `variants/train`.
    """
    if len(word) > LONGEST:
        return None
    known = list(known)
    ends = [candidate for candidate in known if candidate.lower().endswith((f"/{word.lower()}", f".{word.lower()}"))]
    if len(ends) == 1 and word and word not in known:
        return ends[0]
    by_lower = {candidate.lower(): candidate for candidate in sorted(known, reverse=True)}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean epochs?`, or an empty string where nothing known is near."""
    return asked(nearest(word, known))


def asked(near: str | None) -> str:
    """The question of what is near already, an empty string where nothing is."""
    return f"did you mean {near}?" if near else ""
