"""A pipeline's tasks as boxes on a plane, from top to bottom: each one level below the last that it waits for.

The level of a task is the length of the longest way to it, as in the first step of Sugiyama's method
(https://doi.org/10.1109/TSMC.1981.4308636); inside a level tasks are ordered by the middle of those that they wait for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generators.ir.graph import ancestors, dependencies
from generators.ir.view import Component, Pipeline, Task

_HEIGHT, _LETTER, _PADDING = 34, 7.6, 26  # pixels: of a box, of a character, beside a name
_GAP, _BETWEEN, _INSIDE, _TITLE = 16, 34, 14, 26  # between boxes of a level, between levels, in a group, above it
_INPUT = re.compile(r"inputs\.parameter_values\['(?:pipelinechannel--)?([^']+)'\]")


@dataclass(frozen=True)
class Box:
    """A task: where it stands in the group around it, in pixels, and what is in it where it is a group itself."""

    path: str
    name: str
    width: float
    height: float
    x: float = 0
    y: float = 0
    note: str = ""  # when or how often it runs
    after: tuple[str, ...] = ()  # the names of what it waits for
    inside: Drawing | None = None


@dataclass(frozen=True)
class Drawing:
    """Boxes, with the lines between them as paths of SVG."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]


def drawing(pipeline: Pipeline) -> Drawing:
    """The whole of a pipeline."""
    return _drawing(pipeline, pipeline.root, "")


def _drawing(pipeline: Pipeline, component: Component, prefix: str) -> Drawing:
    edges = dependencies(component.tasks)
    boxes = {key: _box(pipeline, component.task(key), prefix) for key in edges}
    levels: dict[int, list[str]] = defaultdict(list)
    level: dict[str, int] = {}
    for key, upstream in edges.items():
        level[key] = max((level[each] + 1 for each in upstream), default=0)
        levels[level[key]].append(key)
    width = max((_width([boxes[key] for key in keys]) for keys in levels.values()), default=0)
    top = 0.0
    for number in sorted(levels):
        keys = sorted(levels[number], key=lambda key: _middle([boxes[each] for each in edges[key]]))
        left = (width - _width([boxes[key] for key in keys])) / 2
        for key in keys:
            after = tuple(boxes[each].name for each in edges[key])
            boxes[key] = replace(boxes[key], x=round(left, 1), y=top, after=after)
            left += boxes[key].width + _GAP
        top += max(boxes[key].height for key in keys) + _BETWEEN
    lines = tuple(_line(boxes[each], boxes[key]) for key in edges for each in _direct(component, edges[key]))
    return Drawing(round(width, 1), max(top - _BETWEEN, 0), tuple(boxes.values()), lines)


def _direct(component: Component, upstream: Sequence[str]) -> list[str]:
    """Those of the tasks before one that are not before another of them: the lines that say all of the order."""
    earlier = {each for key in upstream for each in ancestors(component.tasks, key)}
    return [key for key in upstream if key not in earlier]


def _box(pipeline: Pipeline, task: Task, prefix: str) -> Box:
    path = prefix.rstrip("/") if task.is_branching else prefix + task.name
    name = "one of" if task.is_branching else task.name
    component, note = pipeline.of_task(task), _note(task)
    own = max(len(name), len(note)) * _LETTER + _PADDING
    if not component.is_dag:
        return Box(path, name, own, _HEIGHT + (14 if note else 0), note=note)
    inside = _drawing(pipeline, component, f"{path}/" if path else "")
    wide = max(inside.width + 2 * _INSIDE, own)
    tall = inside.height + _TITLE + _INSIDE + (14 if note else 0)
    return Box(path, name, wide, tall, note=note, inside=inside)


def _note(task: Task) -> str:
    """When or how often a task runs, in few words."""
    told = []
    if task.loop:
        told.append("for each item")
    if task.condition:
        told.append(f"if {readable(task.condition)}")
    if task.runs_after_failure:
        told.append("also after a failure")
    text = ", ".join(told)
    return text if len(text) <= 48 else f"{text[:45]}..."


def readable(condition: str) -> str:
    """A condition in CEL with inputs by their names alone."""
    return _INPUT.sub(r"\1", condition)


def _width(boxes: Sequence[Box]) -> float:
    return sum(box.width for box in boxes) + _GAP * max(len(boxes) - 1, 0)


def _middle(boxes: Sequence[Box]) -> float:
    return sum(box.x + box.width / 2 for box in boxes) / len(boxes) if boxes else 0


def _line(upper: Box, lower: Box) -> str:
    """From the middle of one box's lower edge to that of the other's upper edge."""
    x1, y1 = upper.x + upper.width / 2, upper.y + upper.height
    x2, y2 = lower.x + lower.width / 2, lower.y
    bend = (y1 + y2) / 2
    return f"M{x1:.1f} {y1:.1f}C{x1:.1f} {bend:.1f} {x2:.1f} {bend:.1f} {x2:.1f} {y2 - 5:.1f}"
