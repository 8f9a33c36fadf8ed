"""What a pipeline declares and nothing takes: parameters, inputs of groups and of containers, components, executors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate.references import CHANNEL
from generators.ir.validate.scope import Scope
from generators.ir.validate.text import ASKED
from generators.ir.view import Component, Declared, Source, Task, placeholders
from generators.ir.view.source import INPUT, OUTPUT
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

_NAMED = re.compile(r"""inputs\.(?:parameters|artifacts)\[(?P<quote>['"])(?P<input>.{0,500}?)(?P=quote)\]""")
_NUMBER = re.compile(r"-\d+$")
_REMOVE = "use it, or remove it"


def check(scope: Scope) -> None:
    """Add a warning for everything that could be taken away without a difference to any run."""
    run = {task.component for _, task in scope.pipeline.walk()}
    executors, taken = set(), set(_outputs_taken(scope))
    taken |= set(_taken_of_copies(scope, taken))
    for path, component in scope.components:
        if path != ("root",) and path[-1] not in run:
            scope.warn("unused", path, "no task runs this component", fix="remove it")
            continue
        if component.is_dag:
            _inputs(scope, component, path)
            _outputs(scope, component, path, taken)
        elif component.executor:
            executors.add(component.executor)
            _container(scope, component, path)
    for label in scope.pipeline.executors:
        if label not in executors:
            scope.warn(
                "unused", ("deploymentSpec", "executors", label), "no component runs this executor", fix="remove it"
            )


def _inputs(scope: Scope, component: Component, path: KeyPath) -> None:
    """The inputs of a DAG that none of its tasks is given, and no text in it names."""
    taken: set[str] = set()
    for _, task in scope.tasks(component, path):
        taken |= set(_taken(scope, task))
    is_root = path == ("root",)
    for declared in component.all_inputs:
        if declared.name not in taken and not declared.name.startswith(CHANNEL):
            message = f"{_what(declared, is_root)} {declared.name} is not used by anything"
            scope.warn("unused", (*path, "inputDefinitions", declared.group, declared.name), message, fix=_REMOVE)


def _outputs(scope: Scope, component: Component, path: KeyPath, taken: set[tuple[str, str, str]]) -> None:
    """The outputs of a nested pipeline that none of the pipelines around it takes; the root's are the run's own."""
    for declared in component.all_outputs if path != ("root",) else ():
        if (path[-1], declared.group, declared.name) not in taken:
            message = f"nothing takes the output {_word(declared)} {declared.name}"
            scope.warn("unused", (*path, "outputDefinitions", declared.group, declared.name), message, fix=_REMOVE)


def _outputs_taken(scope: Scope) -> Iterator[tuple[str, str, str]]:
    """(component, group, output) of everything that a task beside it is given, or that the DAG around it gives."""
    for path, component in scope.components:
        for _, task in scope.tasks(component, path):
            for group in (PARAMETERS, ARTIFACTS):
                for _, source in task.sources(group):
                    if source.kind == OUTPUT and source.task in component.tasks:
                        yield component.task(source.task).component, group, source.name
        for group, _, selectors in component.given:
            for key, output in selectors:
                if key in component.tasks:
                    yield component.task(key).component, group, output


def _taken_of_copies(scope: Scope, taken: set[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """The same of copies: kfp makes a component of each use of a nested pipeline, numbered, and one may take less."""
    copies: dict[str, list[str]] = {}
    for name, tree in scope.pipeline.components.items():
        if "dag" in tree:
            interface = json.dumps([_NUMBER.sub("", name), tree.get("inputDefinitions"), tree.get("outputDefinitions")])
            copies.setdefault(interface, []).append(name)
    for names in copies.values():
        found = {(group, output) for component, group, output in taken if component in names}
        yield from ((name, *each) for name in names for each in found)


def _word(declared: Declared) -> str:
    return "artifact" if declared.is_artifact else "parameter"


def _what(declared: Declared, is_root: bool) -> str:
    return f"the pipeline's {_word(declared)}" if is_root else f"the input {_word(declared)}"


def _taken(scope: Scope, task: Task) -> Iterator[str]:
    """The inputs of the DAG around it that a task is given, by itself or by its pod."""
    for group in (PARAMETERS, ARTIFACTS):
        for _, source in task.sources(group):
            if source.kind == INPUT:
                yield source.name
    inner = scope.of_task(task)
    yield from _mentioned([task.tree, scope.pipeline.pods.get(inner.executor, {}) if inner else {}])
    if inner and inner.executor:
        yield from _of_pod(scope.pipeline.pods.get(inner.executor, {}))


def _of_pod(tree: Any) -> Iterator[str]:
    """The inputs that the settings of a pod come from."""
    if isinstance(tree, dict):
        if "componentInputParameter" in tree or "runtimeValue" in tree:
            source = Source.of(tree)
            if source.kind == INPUT:
                yield source.name
        for each in tree.values():
            yield from _of_pod(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _of_pod(each)


def _mentioned(tree: Any) -> Iterator[str]:
    """The inputs that texts name by placeholders."""
    for text in placeholders.strings(tree):
        yield from (match["input"] for match in _NAMED.finditer(text))
        yield from (match["input"] for match in ASKED.finditer(text))


def _container(scope: Scope, component: Component, path: KeyPath) -> None:
    """The inputs and outputs that a container's own texts never name; a KFP component's function takes all it has."""
    container = scope.pipeline.container(component.executor)
    if container is None or container.runs_kfp or container.is_claim:
        return
    texts = list(placeholders.strings([container.tree, scope.pipeline.pods.get(component.executor, {})]))
    if any(placeholders.WHOLE_INPUT in text for text in texts):
        return
    for group, each in (
        *(("inputDefinitions", declared) for declared in component.all_inputs),
        *(("outputDefinitions", declared) for declared in component.all_outputs),
    ):
        if not any(f"'{each.name}'" in text or f'"{each.name}"' in text for text in texts):
            side = "input" if group == "inputDefinitions" else "output"
            message = f"the container's command does not name the {side} {_word(each)} {each.name}"
            scope.warn("unused", (*path, group, each.group, each.name), message, fix=_REMOVE)
