"""A change in a terminal: the same lines as `text`, in colours that say how much they matter."""

from __future__ import annotations

from generators.diff.model import Change
from generators.diff.text import to_text

_COLOURS = {
    r"^.*": "bold",  # the sentence
    r"\b(served stale|SERVED STALE|DESTROYS|(?<!nothing is )deleted|removed)\b": "bold red",
    r"\b(reruns|at the next tick|on merge|replaced)\b": "yellow",
    r"\b(served from the cache|created|added)\b": "green",
    r"[\w./-]+\.(yml|json|yaml):\d+": "cyan",
}


def print_in_colour(change: Change) -> None:
    """Print it to the terminal."""
    from rich.console import Console  # only a terminal is worth the time of its import
    from rich.text import Text

    shown = Text(to_text(change))
    for pattern, style in _COLOURS.items():
        shown.highlight_regex(pattern, style)
    Console(soft_wrap=True).print(shown)
