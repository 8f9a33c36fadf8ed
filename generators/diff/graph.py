"""Which steps a step waits for, through the groups around them."""

from __future__ import annotations

from collections.abc import Iterator

from generators.diff.shapes import STEPS, plain
from generators.ir.normal_form import Shape


def waits(shape: Shape) -> dict[str, tuple[str, ...]]:
    """Each step of a shape, by its path as a person writes it, to those that must be over before it may begin."""
    return {
        plain(path): tuple(sorted({plain(each) for each in _before(shape, path)}))
        for path, task in shape.tasks.items()
        if task.kind in STEPS
    }


def _before(shape: Shape, path: str) -> Iterator[str]:
    """The steps before a task: those that it names, or where it names none what the group around it waits for."""
    around = path.rpartition("/")[0]
    named = [f"{around}/{name}".lstrip("/") for name in shape.tasks[path].after]
    if not named and around:
        yield from _before(shape, around)
    for each in named:
        yield from _last(shape, each)


def _last(shape: Shape, path: str) -> Iterator[str]:
    """A step itself, and of a group the steps that no other in it waits for."""
    if path not in shape.tasks:
        return
    if shape.tasks[path].kind in STEPS:
        yield path
        return
    inside = {each: task for each, task in shape.tasks.items() if each.rpartition("/")[0] == path}
    waited = {f"{path}/{name}" for task in inside.values() for name in task.after}
    for each in sorted(inside.keys() - waited):
        yield from _last(shape, each)
