"""Whether a pipeline has an order at all, and an end: no task waits for itself, no component contains itself."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from generators.ir.validate.scope import Scope

MOST_TASKS = 10_000  # of a pipeline with every nested one in its place
DEEPEST = 50


def check(scope: Scope) -> None:
    """Add a problem for every cycle, and for a pipeline that unfolds into more than anything could run."""
    for path, component in scope.components:
        edges = {task.key: task.upstream & component.tasks.keys() for _, task in scope.tasks(component, path)}
        if cycle := _cycle(edges):
            scope.add("cycle", (*path, "dag", "tasks"), f"these tasks wait for each other: {' -> '.join(cycle)}")
    contained = {
        path: {task.component for _, task in scope.tasks(component, path)} for path, component in scope.components
    }
    inside = {path[-1] if len(path) > 1 else "": names for path, names in contained.items()}
    if cycle := _cycle(inside):
        message = f"this component contains itself: {' -> '.join(cycle)}"
        scope.add("cycle", ("components", cycle[0], "dag", "tasks"), message)
    else:
        _size(scope, inside)


def _cycle(edges: dict[str, set[str]]) -> list[str]:
    """The first cycle, from its first name to the same again, the same one every time; none where there is none."""
    try:
        TopologicalSorter({key: sorted(edges[key]) for key in sorted(edges)}).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def _size(scope: Scope, inside: dict[str, set[str]]) -> None:
    """Refuse what is small as it is written, and has no end when every component is put where it is used."""
    tasks, depth = {}, {}
    for name in TopologicalSorter(inside).static_order():
        path, component = (("root",), scope.pipeline.root) if name == "" else (("components", name), None)
        if component is None:
            if name not in scope.pipeline.components:
                continue
            component = scope.pipeline.component(name)
        used = [task.component for _, task in scope.tasks(component, path)]
        tasks[name] = sum(1 + tasks.get(other, 0) for other in used)
        depth[name] = 1 + max((depth.get(other, 0) for other in used), default=0)
    if tasks[""] > MOST_TASKS:
        scope.add(
            "size",
            ("root",),
            f"the pipeline unfolds into {min(tasks[''], 10**9)} tasks or more",
            allowed=f"{MOST_TASKS}",
        )
    elif depth[""] > DEEPEST:
        scope.add("depth", ("root",), f"its pipelines are nested {depth['']} deep", allowed=f"{DEEPEST}")
