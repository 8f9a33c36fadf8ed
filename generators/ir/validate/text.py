"""Whether what stands as text in a pipeline can be read: conditions, and placeholders that are JSON."""

from __future__ import annotations

import re

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.values import check_condition
from generators.ir.view import Component, Container, Task, placeholders
from generators.ir.view.tree import ARTIFACTS, PARAMETERS
from generators.suggestions import did_you_mean

_BROKEN = re.compile(r"\{\{\$\.(inputs|outputs)\b")
_FORM = "write it as {{$.inputs.parameters['name']}}"
ASKED = re.compile(r"""inputs\.parameter_values\[(?P<quote>['"])(?P<input>.{0,500}?)(?P=quote)\]""")


def check(scope: Scope) -> None:
    """Add a problem for every text that nothing can make sense of."""
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            if task.condition:
                _condition(scope, task, at)
    for label in scope.pipeline.executors:
        _command(scope, label)
    given = _given(scope)
    for path, component in scope.components:
        container = scope.pipeline.container(component.executor)
        if container and not container.runs_kfp and scope.intact(*path):  # the text of a function may hold anything
            _placeholders(scope, component, container, given.get(component.executor, frozenset()))


def _given(scope: Scope) -> dict[str, frozenset[str]]:
    """The parameters that tasks hand to each executor, which a component need not declare."""
    found: dict[str, frozenset[str]] = {}
    for path, component in scope.components:
        for _, task in scope.tasks(component, path):
            inner = scope.of_task(task)
            if inner and inner.executor:
                found[inner.executor] = found.get(inner.executor, frozenset()) | task.inputs(PARAMETERS).keys()
    return found


def _placeholders(scope: Scope, component: Component, container: Container, given: frozenset[str]) -> None:
    """Placeholders of a container's command that cannot be read, or that name what its component does not have."""
    known = {
        ("inputs", PARAMETERS): component.inputs(PARAMETERS).keys() | given,
        ("inputs", ARTIFACTS): component.inputs(ARTIFACTS).keys(),
        ("outputs", PARAMETERS): component.outputs(PARAMETERS).keys(),
        ("outputs", ARTIFACTS): component.outputs(ARTIFACTS).keys(),
    }
    for part in ("command", "args"):
        for index, template in enumerate(getattr(container, part)):
            at = ("deploymentSpec", "executors", component.executor, "container", part, index)
            for text in placeholders.strings(placeholders.element(template)):
                if _BROKEN.search(placeholders.PATTERN.sub("", text)):
                    scope.add("placeholder", at, "is a placeholder that cannot be read", shown(text), fix=_FORM)
                for side, group, name, *_ in (keys for keys in placeholders.named(text) if len(keys) > 2):
                    names = known.get((side, group))
                    if names is not None and name not in names:
                        message = f"its component has no {group[:-1]} {name} among its {side}"
                        scope.add("placeholder", at, message, name, ", ".join(sorted(names)), did_you_mean(name, names))


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
