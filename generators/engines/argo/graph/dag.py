"""A DAG of the IR as a template of Argo: its tasks, what each waits for, and what they give in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.graph import loops
from generators.engines.argo.graph.conditions import translated
from generators.engines.argo.graph.dataflow import (
    ARTIFACTS,
    PARAMETERS,
    Scope,
    Value,
    alternatives,
    is_loop,
    is_optional,
    required,
    runs_after_failure,
    with_default,
)
from generators.engines.argo.refusals import Refusals
from generators.engines.argo.task import container
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import encoded, tag
from generators.engines.argo.text.names import parameter, unique
from generators.errors import GraftError
from generators.ir.graph import dependencies
from generators.ir.values import kind_of

_OVER = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted")


@dataclass(frozen=True)
class Dag:
    """One DAG component, at its path; `templates` maps a task's key to the name of its template.

    `extra` maps it to the inputs that only the PlatformSpec asks for, each with the source of its value.
    """

    spec: Mapping[str, Any]
    component: Mapping[str, Any]
    path: str
    templates: Mapping[str, str]
    extra: Mapping[str, Mapping[str, Mapping[str, Any]]]
    refusals: Refusals

    def template(self, name: str) -> dict[str, Any]:
        """The template, under `name`."""
        tasks = self.component["dag"]["tasks"]
        scope = Scope(self.spec, self.component, task_names(tasks))
        edges = self._edges(tasks)
        found = {
            "name": name,
            "inputs": inputs(self.component),
            "outputs": self._outputs(scope),
            "dag": {"tasks": [self._task(scope, key, edges[key]) for key in edges], **_ending(scope, edges)},
        }
        return {key: part for key, part in found.items() if part}

    def _edges(self, tasks: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
        try:
            return dependencies(tasks)
        except GraftError as error:
            self.refusals.add("cycle" if "each other" in error.message else "graph", self.path, error.message)
            return {}

    def _task(self, scope: Scope, key: str, upstream: list[str]) -> dict[str, Any]:
        task = scope.tasks[key]
        found: dict[str, Any] = {"name": scope.names[key], "template": self.templates[key]}
        if upstream:
            found["depends"] = " && ".join(_after(scope, name, runs_after_failure(task)) for name in upstream)
        path = f"{self.path}/{task.get('taskInfo', {}).get('name', key)}".lstrip("/")
        try:
            given = scope.given(task)
            if condition := task.get("triggerPolicy", {}).get("condition"):
                found["when"] = self._condition(condition, given, path)
            self._refuse_missing(scope, task, given, path)
            if is_loop(task):
                given.pop(loops.item_of(task), None)
            arguments = _arguments(scope, key, given)
            for name, source in self.extra[key].items():
                arguments.append({"name": name, "value": tag(scope.parameter(source, task).expression)})
            if arguments:
                found["arguments"] = {"parameters": arguments}
        except GraftError as error:
            self.refusals.take(path, error, "graph")
        return found

    def _refuse_missing(self, scope: Scope, task: Mapping[str, Any], given: Mapping[str, Value], path: str) -> None:
        """Refuse a task that lacks an input: Argo takes no such template, and KFP fails when it gets there."""
        declared = scope.of(task).get("inputDefinitions", {})
        here = {*given, loops.item_of(task)} if is_loop(task) else given.keys()
        for group in (PARAMETERS, ARTIFACTS):
            for name, spec in declared.get(group, {}).items():
                if name not in here and not spec.get("isOptional") and spec.get("defaultValue") is None:
                    self.refusals.add("graph", path, f"it is not given {name}, which it needs", "give it a value")

    def _condition(self, condition: str, given: Mapping[str, Value], path: str) -> str:
        def value_of(name: str) -> str:
            if name not in given:
                raise GraftError(f"the condition {condition} asks for {name}, which the task is not given")
            return given[name].decoded

        try:
            return tag(translated(condition, value_of))
        except GraftError as error:
            self.refusals.take(path, error, "condition")
            return "false"

    def _outputs(self, scope: Scope) -> dict[str, Any]:
        found = []
        try:
            for group, name, selectors in _selectors(self.component["dag"].get("outputs", {})):
                always = len(selectors) == 1 and "triggerPolicy" not in scope.tasks.get(selectors[0][0], {})
                values = [scope.output(group, task, key, always).expression for task, key in selectors]
                expression = values[0] if always else alternatives(values)
                found.append({"name": parameter(name), "valueFrom": {"expression": expression}})
        except GraftError as error:
            self.refusals.take(self.path, error, "graph")
        return {"parameters": found} if found else {}


def task_names(tasks: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Task key to its name in the DAG: what a person called it, where that tells it from the others."""
    wanted = {key: task.get("taskInfo", {}).get("name") or key for key, task in tasks.items()}
    shared = {name for name in wanted.values() if list(wanted.values()).count(name) > 1}
    texts = {key: key if name in shared else name for key, name in wanted.items()}
    found = unique(texts.values())
    return {key: found[text] for key, text in texts.items()}


def inputs(component: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a component's template; one that may be absent has a default, the empty text at the least."""
    declared = component.get("inputDefinitions", {})
    found = []
    for group in (PARAMETERS, ARTIFACTS):
        for name, spec in declared.get(group, {}).items():
            entry = {"name": parameter(name)}
            if spec.get("defaultValue") is not None:
                entry["default"] = encoded(spec["defaultValue"], kind_of(spec))
            elif is_optional(spec):
                entry["default"] = ""
            found.append(entry)
    return {"parameters": found} if found else {}


def _arguments(scope: Scope, key: str, given: Mapping[str, Value]) -> list[dict[str, Any]]:
    component = scope.of(scope.tasks[key])
    executors = scope.spec.get("deploymentSpec", {}).get("executors", {})
    command = executors.get(component.get("executorLabel"), {}).get("container", {})
    needed = frozenset() if placeholders.runs_kfp(command) else container.needed(component, command)
    declared = component.get("inputDefinitions", {})
    found = []
    for group in (PARAMETERS, ARTIFACTS):
        for name, spec in declared.get(group, {}).items():
            if name in given:
                value = with_default(given[name], spec, kind_of(spec))
                if value.maybe and name in needed:
                    value = required(value, f"{scope.names[key]} takes {name}, which has no value")
                found.append({"name": parameter(name), "value": tag(value.expression)})
    return found


def _after(scope: Scope, key: str, whatever: bool) -> str:
    """What a task waits for in its upstream; one that was skipped makes what follows on it be omitted."""
    terms = [f"{scope.names[key]}.{state}" for state in (_OVER if whatever else ("Succeeded",))]
    return terms[0] if len(terms) == 1 else f"({' || '.join(terms)})"


def _ending(scope: Scope, edges: Mapping[str, list[str]]) -> dict[str, Any]:
    """What decides how the DAG ends. Argo looks at its leaves, and an exit task that succeeds would hide a failure.

    Without fail-fast, since the failure of the handled group would end the DAG before its exit task.
    """
    handled = {name for key, upstream in edges.items() if runs_after_failure(scope.tasks[key]) for name in upstream}
    if not handled:
        return {}
    waited_for = {name for upstream in edges.values() for name in upstream}
    targets = [scope.names[key] for key in edges if key in handled or key not in waited_for]
    return {"target": " ".join(targets), "failFast": False}


def _selectors(outputs: Mapping[str, Any]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(group, output, [(task, its output)]) for each output of a DAG; several where one of several tasks gives it."""
    found = []
    for name, source in outputs.get("parameters", {}).items():
        chosen = source.get("valueFromOneof", {}).get("parameterSelectors") or [source["valueFromParameter"]]
        found.append((PARAMETERS, name, [(item["producerSubtask"], item["outputParameterKey"]) for item in chosen]))
    for name, source in outputs.get("artifacts", {}).items():
        chosen = source["artifactSelectors"]
        found.append((ARTIFACTS, name, [(item["producerSubtask"], item["outputArtifactKey"]) for item in chosen]))
    return found
