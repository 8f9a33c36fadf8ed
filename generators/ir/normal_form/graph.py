"""Reads the IR: every task with what it waits for, takes, runs and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.normal_form import flow, pod, text
from generators.ir.normal_form.flow import Flow
from generators.ir.normal_form.neutral import (
    OWN,
    Shape,
    Source,
    Task,
    Tree,
    allowed,
    canonical,
    declared,
    put_together,
    retried,
)
from generators.ir.view import Component, Declared, Pipeline, Pod
from generators.ir.view import Task as Read
from generators.ir.view.absent import absent_inputs, never_given
from generators.ir.view.tree import ARTIFACTS, PARAMETERS


@dataclass(frozen=True)
class Names:
    """How a form calls things: `tasks` maps the tasks of one DAG to their names, `parameter` an input or output."""

    tasks: Callable[[Mapping[str, dict[str, Any]]], Mapping[str, str]]
    parameter: Callable[[str], str]


IR_NAMES = Names(lambda tasks: {key: task.get("taskInfo", {}).get("name") or key for key, task in tasks.items()}, str)


def shape_of(spec: Tree, platform: Tree | None = None, names: Names = IR_NAMES) -> Shape:
    """The shape of a PipelineSpec with its PlatformSpec, its tasks, inputs and outputs called as `names` says."""
    pipeline = Pipeline.of(spec, platform)
    reader, root = _Reader(pipeline, names), pipeline.root
    whole = Task(
        kind="dag",
        arguments={names.parameter(name): f"the run's {names.parameter(name)}" for name in root.inputs(PARAMETERS)},
        settings=pod.of_pipeline(pipeline.config),
        **reader.declared(root),
    )
    given = {
        names.parameter(each.name): _declared(each) + allowed(each.literals)
        for each in root.all_inputs
        if not each.is_artifact
    }
    return Shape(given, {"": whole, **dict(reader.tasks(root, "", never_given(root)))})


@dataclass(frozen=True)
class _Reader:
    pipeline: Pipeline
    names: Names

    def tasks(self, component: Component, path: str, absent: frozenset[str]) -> Iterator[tuple[str, Task]]:
        """Every task below a DAG, by its path; `absent` are the DAG's inputs that have no value in any run."""
        values = Flow(self.names.tasks(component.tasks), self.names.parameter)
        for key in component.tasks:
            task = component.task(key)
            child = self.pipeline.of_task(task)
            below = f"{path}/{values.names[key]}".lstrip("/")
            gone = absent_inputs(task, child, absent)
            yield below, self._task(task, child, values, gone)
            if child.is_dag:
                yield from self.tasks(child, below, gone)

    def declared(self, component: Component) -> dict[str, Any]:
        """The fields of a Task that say what its component takes and gives."""
        listed = (("input", component.all_inputs), ("output", component.all_outputs))
        return {
            "inputs": {self.names.parameter(each.name): _declared(each) for each in component.all_inputs},
            "outputs": self._outputs(component),
            "types": {
                f"{word} {self.names.parameter(each.name)}": each.kind
                for word, all_of_them in listed
                for each in all_of_them
                if not each.is_artifact
            },
        }

    def _task(self, task: Read, component: Component, values: Flow, absent: frozenset[str]) -> Task:
        given, loop, settings = values.given(task), task.loop, self.pipeline.pod(component.executor)
        executor = self.pipeline.executor(component.executor)
        handed, repeated = dict(given), ""
        if loop:
            repeated = str(flow.over(loop, given))
            handed[loop.item] = Source(frozenset({f"item of {repeated}"}))
        when = "over" if task.runs_after_failure else "succeeded"
        taken = [each.name for each in component.all_inputs if each.name in handed]
        return Task(
            kind=next((kind for kind in ("container", "importer") if kind in executor), "dag"),
            after=dict.fromkeys(values.upstream(task, settings), when),
            condition=text.condition(task.condition, given),
            loop=repeated,
            parallelism=str(task.parallelism or ""),
            arguments={self.names.parameter(name): str(handed[name]) for name in taken},
            **self.declared(component),
            **self._run(task, component, executor, settings, values, absent),
        )

    def _run(
        self, task: Read, component: Component, executor: Tree, settings: Pod, values: Flow, absent: frozenset[str]
    ) -> dict[str, Any]:
        """What is run, and how often; neither a claim nor an importer has a pod that could be tried again or cached."""
        known, container = self._known(task, component, values), self.pipeline.container(component.executor)
        if "importer" in executor:
            return {"command": _imported(executor["importer"], known)}
        if container and container.is_claim:
            return {"image": container.image}
        retry = task.retry
        again = {"retry": retried(retry.count, retry.duration, retry.factor, retry.longest) if retry else ""}
        if not container:
            return again
        present = {each.name for each in component.all_inputs if each.default is not None}
        return {
            **again,
            "cached": _cached(task),
            "artifacts": self._artifacts(component),
            **pod.of_task(container, settings, known, (present | known.given.keys()) - absent),
        }

    def _known(self, task: Read, component: Component, values: Flow) -> text.Known:
        declares = {each.name for each in component.all_inputs}
        called = {name: self.names.parameter(name) for name in declares | {each.name for each in component.all_outputs}}
        return text.Known(called, declares, values.given(task), values.around)

    def _outputs(self, component: Component) -> dict[str, str]:
        if not component.is_dag:
            return {self.names.parameter(each.name): OWN for each in component.all_outputs}
        inside = Flow(self.names.tasks(component.tasks), self.names.parameter)
        return {self.names.parameter(name): inside.output(selectors) for _, name, selectors in component.given}

    def _artifacts(self, component: Component) -> dict[str, str]:
        brought = {f"input {self.names.parameter(name)}": "brought" for name in component.inputs(ARTIFACTS)}
        return brought | {f"output {self.names.parameter(name)}": "kept" for name in component.outputs(ARTIFACTS)}


def _declared(each: Declared) -> str:
    return declared(None if each.default is None else canonical(each.default), each.is_optional)


def _cached(task: Read) -> str:
    if not task.is_cached:
        return ""
    return "by a key of its own" if task.cache_key else "by what it is given"


def _imported(importer: Tree, known: text.Known) -> tuple[str, ...]:
    """What an importer does instead of a command: the URI that it names, and what its metadata are made of."""
    uri = known.uri(importer.get("artifactUri", {}))
    return ("import", uri, put_together(known.references(importer.get("metadata", {}))))
