"""The steps of a pipeline as a Mermaid flowchart, coloured by what becomes of each.

https://mermaid.js.org/syntax/flowchart.html: labels stand in quotes and hold letters, digits and a few marks alone, so
that no step's name is syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generators.diff.model import CONSEQUENCES, Task

_UNSAFE = re.compile(r"[^A-Za-z0-9 _./-]")
_COLOURS = dict(zip(CONSEQUENCES, ("#f5c26b", "#d9ead3", "#f4a5a5", "#fbe5b6", "#dddddd"), strict=True))


def flowchart(tasks: Iterable[Task]) -> str:
    """A fenced block of Mermaid."""
    return "\n".join(["```mermaid", "flowchart LR", *_lines(list(tasks)), "```"])


def _lines(tasks: list[Task]) -> Iterator[str]:
    known = {task.step: f"n{at}" for at, task in enumerate(tasks)}
    classes = {consequence: f"c{at}" for at, consequence in enumerate(_COLOURS)}
    for task in tasks:
        said = ", ".join(filter(None, (task.category, task.consequence)))
        yield f'  {known[task.step]}["{_label(task.step)}<br/>{said}"]:::{classes[task.consequence]}'
        yield from (f"  {known[step]} --> {known[task.step]}" for step in task.after if step in known)
    for consequence, colour in _COLOURS.items():
        yield f"  classDef {classes[consequence]} fill:{colour},stroke:#555,color:#111"


def _label(text: str) -> str:
    return _UNSAFE.sub("_", text)
