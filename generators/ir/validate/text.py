"""Whether what stands as text in a pipeline can be read: conditions, and placeholders that are JSON."""

from __future__ import annotations

import re

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.values import check_condition
from generators.ir.view import Task, placeholders
from generators.ir.view.tree import PARAMETERS

ASKED = re.compile(r"""inputs\.parameter_values\[(?P<quote>['"])(?P<input>.*?)(?P=quote)\]""")


def check(scope: Scope) -> None:
    """Add a problem for every text that nothing can make sense of."""
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            if task.condition:
                _condition(scope, task, at)
    for label in scope.pipeline.executors:
        _command(scope, label)


def _condition(scope: Scope, task: Task, at: KeyPath) -> None:
    here = (*at, "triggerPolicy", "condition")
    try:
        check_condition(task.condition)
    except GraftError as error:
        scope.add("condition", here, error.message, task.condition, fix=error.fix)
        return
    if scope.intact(*at, "inputs"):
        for name in dict.fromkeys(match["input"] for match in ASKED.finditer(task.condition)):
            if name not in task.inputs(PARAMETERS):
                scope.add("condition", here, f"it asks for {name}, which the task is not given", name)


def _command(scope: Scope, label: str) -> None:
    container = scope.pipeline.container(label)
    for part in ("command", "args") if container else ():
        for index, template in enumerate(getattr(container, part)):
            if placeholders.is_unreadable(template):
                at = ("deploymentSpec", "executors", label, "container", part, index)
                scope.add("placeholder", at, "is neither a Concat nor an IfPresent that can be read", shown(template))
    importer = scope.pipeline.executor(label).get("importer", {})
    constant = importer.get("artifactUri", {}).get("constant", "")
    if not isinstance(constant, str):
        at = ("deploymentSpec", "executors", label, "importer", "artifactUri", "constant")
        scope.add("type", at, "is not a string", shown(constant))
