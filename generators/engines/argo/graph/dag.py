"""A DAG of the IR as a template of Argo: its tasks, what each waits for, and what they give in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.graph.conditions import translated
from generators.engines.argo.graph.dataflow import Scope
from generators.engines.argo.task.inputs import inputs, needed
from generators.engines.argo.task.task_template import Context
from generators.engines.argo.text import listed
from generators.engines.argo.text.expressions import tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import Value, alternatives, required, with_default
from generators.ir.graph import dependencies
from generators.ir.view import Source, Task

_OVER = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
Extra = Mapping[str, Mapping[str, Source]]


@dataclass(frozen=True)
class Dag:
    """The DAG of a scope, at its path; `templates` maps a task's key to the name of its template.

    `extra` maps it to the inputs that only the PlatformSpec asks for, each with the source of its value.
    """

    scope: Scope
    path: str
    templates: Mapping[str, str]
    extra: Extra
    context: Context

    def template(self, name: str) -> dict[str, Any]:
        """The template, under `name`."""
        component = self.scope.component
        edges = dependencies(component.tasks)
        found = {
            "name": name,
            "inputs": inputs(component),
            "outputs": self._outputs(),
            "dag": {
                "tasks": [self._task(component.task(key), edges[key]) for key in edges],
                **self._ending(edges),
            },
        }
        return {key: part for key, part in found.items() if part}

    def _task(self, task: Task, upstream: list[str]) -> dict[str, Any]:
        scope = self.scope
        found: dict[str, Any] = {"name": scope.names[task.key], "template": self.templates[task.key]}
        if upstream:
            found["depends"] = " && ".join(self._after(name, task.runs_after_failure) for name in upstream)
        path = f"{self.path}/{task.name}".lstrip("/")
        with self.context.refusals.at(path):
            given = scope.given(task)
            if task.condition:
                with self.context.refusals.at(path):
                    found["when"] = tag(translated(task.condition, lambda name: given[name].decoded))
            arguments = [*self._arguments(task, given), *self._keys(task, given), *self._extra(task)]
            if arguments:
                found["arguments"] = {"parameters": arguments}
        return found

    def _arguments(self, task: Task, given: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
        """What a task is handed of what its component declares; a loop finds its item itself."""
        component, item = self.scope.of(task), task.loop.item if task.loop else None
        container = self.scope.pipeline.container(component.executor)
        must = needed(component, container) if container and not container.runs_kfp else frozenset()
        for declared in component.all_inputs:
            if declared.name not in given or declared.name == item:
                continue
            value = with_default(given[declared.name], declared)
            if value.maybe and declared.name in must:
                value = required(value, f"{self.scope.names[task.key]} takes {declared.name}, which has no value")
            yield {"name": parameter(declared.name), "value": tag(value.expression)}

    def _keys(self, task: Task, given: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
        component = self.scope.of(task)
        if not task.loop:  # its template hands them to each iteration
            container = self.scope.pipeline.container(component.executor)
            yield from listed.arguments(component, container, given, self.context.store)

    def _extra(self, task: Task) -> Iterator[dict[str, Any]]:
        for name, source in self.extra[task.key].items():
            yield {"name": name, "value": tag(self.scope.parameter(source, task).expression)}

    def _outputs(self) -> dict[str, Any]:
        scope, found = self.scope, []
        for group, name, selectors in scope.component.given:
            always = len(selectors) == 1 and "triggerPolicy" not in scope.tasks[selectors[0][0]]
            values = [scope.output(group, task, key, always).expression for task, key in selectors]
            expression = values[0] if always else alternatives(values)
            found.append({"name": parameter(name), "valueFrom": {"expression": expression}})
        return {"parameters": found} if found else {}

    def _after(self, key: str, whatever: bool) -> str:
        """What a task waits for in its upstream; one that was skipped makes what follows on it be omitted."""
        terms = [f"{self.scope.names[key]}.{state}" for state in (_OVER if whatever else ("Succeeded",))]
        return terms[0] if len(terms) == 1 else f"({' || '.join(terms)})"

    def _ending(self, edges: Mapping[str, list[str]]) -> dict[str, Any]:
        """What decides how the DAG ends. Argo looks at its leaves, and an exit task that succeeds would hide a failure.

        Without fail-fast, since the failure of the handled group would end the DAG before its exit task.
        """
        scope = self.scope
        handled = {
            name for key, upstream in edges.items() if scope.component.task(key).runs_after_failure for name in upstream
        }
        if not handled:
            return {}
        waited_for = {name for upstream in edges.values() for name in upstream}
        targets = [scope.names[key] for key in edges if key in handled or key not in waited_for]
        return {"target": " ".join(targets), "failFast": False}
