"""What makes a compiled pipeline unfit, found before it reaches a cluster: names that move, conditions that misread."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from generators.errors import GraftError
from generators.ir import values
from generators.ir.view import Pipeline

_NUMBERED_GROUP = re.compile(r"(for-loop|condition|exit-handler)-\d+")
_NUMBERED_TASK = re.compile(r"(?P<name>.+)-\d+")


def problems(spec: dict[str, Any]) -> list[tuple[str, str]]:
    """Every problem of a PipelineSpec: the key of the task that it is about, and words."""
    return naming_problems(spec) + condition_problems(spec)


def naming_problems(spec: dict[str, Any]) -> list[tuple[str, str]]:
    """What keeps a pipeline's steps from having stable paths: numbers that kfp gave by position, and double paths.

    Inserting a task renumbers the others, and an overlay would then move to the wrong step.
    """
    tasks = list(Pipeline.of(spec).walk())
    keys = {task.key for _, task in tasks}
    problems = [
        (task.key, _numbered(path, task.key, keys))
        for path, task in tasks
        if task.name == task.key and _counts(task.key, keys)
    ]
    paths = Counter(path for path, task in tasks if not task.is_branching)
    last = {path: task.key for path, task in sorted(tasks, key=lambda found: found[1].key)}
    problems += [
        (last[path], f"{count} tasks have the path {path!r}") for path, count in sorted(paths.items()) if count > 1
    ]
    return problems


def _counts(key: str, keys: set[str]) -> bool:
    """Whether a key ends in a number that kfp gave: a group's always does, a task's where its component is repeated."""
    numbered = _NUMBERED_TASK.fullmatch(key)
    return bool(_NUMBERED_GROUP.fullmatch(key)) or bool(numbered and numbered["name"] in keys)


def _numbered(path: str, key: str, keys: set[str]) -> str:
    if group := _NUMBERED_GROUP.fullmatch(key):
        return f"the group {path!r} has no name of its own (kfp numbered a {group[1]}); give it name='...'"
    return f"the task {path!r} is numbered by position; name it with .set_display_name('...')"


def condition_problems(spec: dict[str, Any]) -> list[tuple[str, str]]:
    """Conditions that are not valid CEL (kfp writes one for a constant with a quote), which KFP would find too late."""
    problems = []
    for path, task in Pipeline.of(spec).walk():
        try:
            values.check_condition(task.condition or "true")
        except GraftError as error:
            problems.append((task.key, f"the condition of {path!r} cannot be read: {error.message}; {error.fix}"))
    return problems
