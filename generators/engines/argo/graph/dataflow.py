"""How values go from task to task, as expressions: what a task is given, and what a DAG gives in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import ABSENT, encoded, from_raw, from_text, literal, member
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.values import Value, constant, from_json_text, item, own_input
from generators.ir.graph import ancestors
from generators.ir.values import selected_keys
from generators.ir.view import Component, Declared, Pipeline, Source, Task
from generators.ir.view.placeholders import inside
from generators.ir.view.source import OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS, Tree


@dataclass(frozen=True)
class Scope:
    """What the tasks of one DAG can refer to; `names` maps a task's key to its name in Argo.

    `absent` are the inputs of the DAG that have no value in any run, `certain` those that have one in every run.
    """

    pipeline: Pipeline
    component: Component
    names: Mapping[str, str]
    absent: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    _given: dict[str, dict[str, Value]] = field(default_factory=dict, compare=False)

    @property
    def tasks(self) -> Mapping[str, Tree]:
        return self.component.tasks

    def of(self, task: Task) -> Component:
        """The component that a task runs."""
        return self.pipeline.of_task(task)

    def given(self, task: Task) -> dict[str, Value]:
        """What the task's inputs hand it, by name; parameters and artifacts alike."""
        if task.key not in self._given:
            self._given[task.key] = self._found(task)
        return self._given[task.key]

    def _found(self, task: Task) -> dict[str, Value]:
        component = self.of(task)
        kinds = {each.name: each.kind for each in component.all_inputs if not each.is_artifact}
        sources = dict(task.sources(PARAMETERS))
        found = {
            name: self._selected(source, self.parameter(source, task), kinds.get(name, ""))
            for name, source in sources.items()
            if not source.is_constant
        }
        more = {"pipeline_task_name": literal(task.key)}
        if not component.is_dag:
            more["pipeline_task_uuid"] = literal(placeholders.TASK_ID)
        constants = {
            name: _constant(source.value, found, kinds.get(name, ""), more)
            for name, source in sources.items()
            if source.is_constant
        }
        artifacts = {name: self._value(source, ARTIFACTS, task) for name, source in task.sources(ARTIFACTS)}
        return {**found, **constants, **artifacts}

    def input(self, group: str, name: str) -> Value:
        """An input of the DAG around the tasks."""
        declared = Declared(name, group, self.component.inputs(group)[name])
        return Value(own_input(name), declared.kind, declared.may_be_absent and name not in self.certain)

    def output(self, group: str, key: str, name: str, needs_success: bool = True) -> Value:
        """An output of a task of this DAG: of a loop, the list of what its iterations gave.

        It may be absent where the task need not have succeeded.
        """
        task = self.component.task(key)
        component = self.of(task)
        reference = member(f"{member('tasks', self.names[key])}.outputs.parameters", parameter(name))
        if not needs_success:
            reference = _guarded(member("tasks", self.names[key]), reference)
        kind = "LIST" if task.is_loop else Declared(name, group, component.outputs(group)[name]).kind
        if group == PARAMETERS and writes_text(self.pipeline, component):
            made = from_raw(reference, kind, f"the output {name} of {self.names[key]}")
            reference = made if needs_success else f"({reference} == {ABSENT} ? {ABSENT} : {made})"
        return Value(reference, kind, not needs_success)

    def parameter(self, source: Source, task: Task) -> Value:
        """What a source of an input parameter of `task` gives; constants apart."""
        return self._value(source, PARAMETERS, task)

    def _value(self, source: Source, group: str, task: Task) -> Value:
        if source.kind == OUTPUT:
            return self.output(group, source.task, source.name, not task.runs_after_failure)
        if source.kind == STATUS:
            return self._final_status(source.task)
        return self.input(group, source.name)

    def _selected(self, source: Source, value: Value, kind: str) -> Value:
        if not source.selector:
            return value
        keys = selected_keys(source.selector)
        path = "".join(f"[{literal(key) if isinstance(key, str) else key}]" for key in keys)
        return item(f"{from_json_text(value.decoded)}{path}", kind)

    def _final_status(self, key: str) -> Value:
        before = sorted(ancestors(self.tasks, key) | {key})  # a group that never ran, since what is before it failed
        broken = " or ".join(f"{member('tasks', self.names[name])}.status in ['Failed', 'Error']" for name in before)
        error = encoded({"code": 2, "message": "a task failed; its log says why"})  # google.rpc.Code.UNKNOWN
        failed, succeeded = literal(f'"FAILED","error":{error}'), literal('"SUCCEEDED"')
        task = encoded(key)
        parts = [
            literal(f'{{"pipelineTaskName":{task},"pipelineJobName":"'),
            "workflow.name",
            literal('","pipelineJobResourceName":"'),
            "workflow.name",
            literal('","pipelineJobUuid":"'),
            "workflow.uid",
            literal('","state":'),
            f"({broken} ? {failed} : {succeeded})",
            literal("}"),
        ]
        return Value(" + ".join(parts), "STRUCT")


def writes_text(pipeline: Pipeline, component: Component) -> bool:
    """Whether a component writes output parameters as plain text: a container without the bootstrap."""
    container = pipeline.container(component.executor)
    return container is not None and not container.runs_kfp


def _constant(value: Any, known: Mapping[str, Value], kind: str, more: Mapping[str, str]) -> Value:
    if value is None:
        return Value(ABSENT, kind, maybe=True)
    if not inside(value):
        return constant(value, kind)
    texts = {name: each.text for name, each in known.items()}
    if isinstance(value, str) and kind in ("STRING", ""):
        return Value(from_text(placeholders.filled(value, texts, more)), kind)
    if isinstance(value, str):
        return Value(placeholders.filled(value, texts, more), kind)
    return Value(placeholders.built(value, texts, more), kind)


def _guarded(task: str, reference: str) -> str:
    """A reference to an output, the empty text where its task did not run.

    It asks for the status as well: without anything that must be known Argo would evaluate it before the task runs.
    """
    output = reference.replace("'].outputs.parameters[", "']?.outputs?.parameters?.[", 1)
    return f"({task}.status == 'Succeeded' ? ({output} ?? {ABSENT}) : {ABSENT})"
