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
from generators.ir.values import kind_of


@dataclass(frozen=True)
class Names:
    """How a form calls things: `tasks` maps the tasks of one DAG to their names, `parameter` an input or output."""

    tasks: Callable[[Mapping[str, dict[str, Any]]], Mapping[str, str]]
    parameter: Callable[[str], str]


IR_NAMES = Names(lambda tasks: {key: task.get("taskInfo", {}).get("name") or key for key, task in tasks.items()}, str)


def shape_of(spec: Tree, platform: Tree | None = None, names: Names = IR_NAMES) -> Shape:
    """The shape of a PipelineSpec with its PlatformSpec, its tasks, inputs and outputs called as `names` says."""
    kubernetes = (platform or {}).get("platforms", {}).get("kubernetes", {})
    reader = _Reader(spec, kubernetes.get("deploymentSpec", {}).get("executors", {}), names)
    root = spec["root"]
    whole = Task(
        kind="dag",
        arguments={names.parameter(name): f"the run's {name}" for name in _group(root, "inputDefinitions")},
        settings=pod.of_pipeline(kubernetes.get("pipelineConfig", {})),
        **reader.declared(root),
    )
    given = {
        names.parameter(name): _declared(spec) + allowed(spec.get("literals", []))
        for name, spec in _group(root, "inputDefinitions").items()
    }
    return Shape(given, {"": whole, **dict(reader.tasks(root, ""))})


@dataclass(frozen=True)
class _Reader:
    spec: Tree
    pods: Mapping[str, Tree]
    names: Names

    def tasks(self, component: Tree, path: str) -> Iterator[tuple[str, Task]]:
        """Every task below a DAG, by its path."""
        beside = component["dag"]["tasks"]
        values = Flow(self.names.tasks(beside), self.names.parameter)
        for key, task in beside.items():
            child = self.spec["components"][task["componentRef"]["name"]]
            below = f"{path}/{values.names[key]}".lstrip("/")
            yield below, self._task(task, child, values)
            if "dag" in child:
                yield from self.tasks(child, below)

    def declared(self, component: Tree) -> dict[str, Any]:
        """The fields of a Task that say what its component takes and gives."""
        return {
            "inputs": {self.names.parameter(name): _declared(spec) for name, spec in _both(component).items()},
            "outputs": self._outputs(component),
            "types": {
                f"{word} {self.names.parameter(name)}": kind_of(spec)
                for word in ("input", "output")
                for name, spec in _group(component, f"{word}Definitions").items()
            },
        }

    def _task(self, task: Tree, component: Tree, values: Flow) -> Task:
        label = component.get("executorLabel", "")
        executor, settings = self.spec["deploymentSpec"]["executors"].get(label, {}), self.pods.get(label, {})
        given = values.given(task)
        policy = task.get("triggerPolicy", {})
        when = "over" if policy.get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED" else "succeeded"
        items = flow.over(task, given)
        handed = given | ({flow.iterator(task)["itemInput"]: Source(frozenset({f"item of {items}"}))} if items else {})
        return Task(
            kind=next((kind for kind in ("container", "importer") if kind in executor), "dag"),
            after=dict.fromkeys(values.upstream(task, settings), when),
            condition=text.condition(policy.get("condition", ""), given),
            loop=str(items or ""),
            parallelism=str(task.get("iteratorPolicy", {}).get("parallelismLimit") or ""),
            arguments={self.names.parameter(name): str(handed[name]) for name in _both(component) if name in handed},
            **self.declared(component),
            **self._run(task, component, executor, settings, values),
        )

    def _run(self, task: Tree, component: Tree, executor: Tree, settings: Tree, values: Flow) -> dict[str, Any]:
        """What is run, and how often; neither a claim nor an importer has a pod that could be tried again or cached."""
        known = self._known(task, component, values)
        if "importer" in executor:
            return {"command": _imported(executor["importer"], known)}
        if pod.is_claim(executor.get("container", {})):
            return {"image": executor["container"]["image"]}
        retry = task.get("retryPolicy", {})
        backoff = (retry.get(f"backoff{word}") for word in ("Duration", "Factor", "MaxDuration"))
        again = {"retry": retried(int(retry.get("maxRetryCount", 0)), *backoff)}
        if "container" not in executor:
            return again
        present = {name for name, spec in _both(component).items() if spec.get("defaultValue") is not None}
        return {
            **again,
            "cached": _cached(task.get("cachingOptions", {})),
            "artifacts": self._artifacts(component),
            **pod.of_task(executor["container"], settings, known, present | known.given.keys()),
        }

    def _known(self, task: Tree, component: Tree, values: Flow) -> text.Known:
        listed = {**_both(component), **_both(component, "outputDefinitions")}
        called = {name: self.names.parameter(name) for name in listed}
        return text.Known(called, _both(component).keys(), values.given(task), values.around)

    def _outputs(self, component: Tree) -> dict[str, str]:
        if "dag" not in component:
            return {self.names.parameter(name): OWN for name in _both(component, "outputDefinitions")}
        inside = Flow(self.names.tasks(component["dag"]["tasks"]), self.names.parameter)
        outputs = _both(component["dag"], "outputs")
        return {self.names.parameter(name): inside.output(source) for name, source in outputs.items()}

    def _artifacts(self, component: Tree) -> dict[str, str]:
        return {
            f"{word} {self.names.parameter(name)}": what
            for word, what in (("input", "brought"), ("output", "kept"))
            for name in _group(component, f"{word}Definitions", "artifacts")
        }


def _declared(spec: Tree) -> str:
    default = spec.get("defaultValue")
    return declared(None if default is None else canonical(default), bool(spec.get("isOptional")))


def _cached(options: Tree) -> str:
    if not options.get("enableCache"):
        return ""
    return "by a key of its own" if options.get("cacheKey") else "by what it is given"


def _imported(importer: Tree, known: text.Known) -> tuple[str, ...]:
    """What an importer does instead of a command: the URI that it names, and what its metadata are made of."""
    uri = known.uri(importer.get("artifactUri", {}))
    return ("import", uri, put_together(known.references(importer.get("metadata", {}))))


def _group(component: Tree, definitions: str, group: str = "parameters") -> Mapping[str, Tree]:
    return component.get(definitions, {}).get(group, {})


def _both(component: Tree, definitions: str = "inputDefinitions") -> dict[str, Tree]:
    return {**_group(component, definitions), **_group(component, definitions, "artifacts")}
