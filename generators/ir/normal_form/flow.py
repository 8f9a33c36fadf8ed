"""Reads where the IR's values come from, and so what a task waits for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.normal_form import text
from generators.ir.normal_form.neutral import Source, Tree
from generators.ir.values import selected_keys


@dataclass(frozen=True)
class Flow:
    """The values of one DAG: `names` maps its tasks to their names in the shape, `parameter` an input or an output."""

    names: Mapping[str, str]
    parameter: Callable[[str], str]

    def given(self, task: Tree) -> dict[str, Source]:
        """What a task is given, by the input's own name; a constant may speak of the other inputs."""
        inputs = task.get("inputs", {})
        sources = {**inputs.get("parameters", {}), **inputs.get("artifacts", {})}
        found: dict[str, Source] = {}
        for name in sorted(sources, key=lambda name: "runtimeValue" in sources[name]):
            found[name] = self.source(sources[name], found)
        return found

    def source(self, source: Tree, given: Mapping[str, Source]) -> Source:
        """Where one value comes from; `given` are the inputs that a constant may speak of."""
        value = source.get("runtimeValue", {})
        if "constant" in value:
            return text.constant(value["constant"], given)
        selector = source.get("parameterExpressionSelector")
        keys = tuple(dict.fromkeys(map(str, selected_keys(selector)))) if selector else ()
        for kind in ("taskOutputParameter", "taskOutputArtifact"):
            if kind in source:
                return Source(frozenset({self._output(source[kind], "producerTask")}), keys)
        if "taskFinalStatus" in source:
            return Source(frozenset({f"status of {self._task(source['taskFinalStatus']['producerTask'])}"}))
        around = ("componentInputParameter", "componentInputArtifact")
        name = next((source[kind] for kind in around if kind in source), value.get("runtimeParameter", ""))
        return Source(frozenset({f"input {self.parameter(name)}"}), keys)

    def around(self, source: Tree) -> Source:
        """Where a value of the PlatformSpec comes from, which has no other inputs beside it."""
        return self.source(source, {})

    def output(self, source: Tree) -> str:
        """Where an output of the DAG comes from: a task's output, or that of one of several."""
        several = source.get("artifactSelectors") or source.get("valueFromOneof", {}).get("parameterSelectors")
        chosen = several or [source["valueFromParameter"]]
        return str(Source(frozenset(self._output(item, "producerSubtask") for item in chosen)))

    def upstream(self, task: Tree, settings: Tree) -> Iterator[str]:
        """The tasks that one waits for: those that its inputs or its pod's settings come from, and those it names."""
        for key in (*_producers(task.get("inputs", {})), *_producers(settings), *task.get("dependentTasks", ())):
            yield self._task(key)

    def _output(self, origin: Tree, task: str) -> str:
        output = origin.get("outputParameterKey") or origin["outputArtifactKey"]
        return f"{self._task(origin[task])}.{self.parameter(output)}"

    def _task(self, key: str) -> str:
        return self.names.get(key, key)


def iterator(task: Tree) -> Tree:
    """What a task is repeated by, empty where it is no loop."""
    return task.get("parameterIterator") or task.get("artifactIterator") or {}


def over(task: Tree, given: Mapping[str, Source]) -> Source | None:
    """The list that a task is repeated over."""
    items = iterator(task).get("items")
    if items is None:
        return None
    if "raw" in items:
        return text.constant(json.loads(items["raw"]), given)
    return given.get(items.get("inputParameter") or items.get("inputArtifact", ""), Source())


def _producers(value: Any) -> Iterator[str]:
    """Every task that some part of the IR takes a value from."""
    if isinstance(value, list):
        for item in value:
            yield from _producers(item)
    elif isinstance(value, Mapping):
        if isinstance(value.get("producerTask"), str):
            yield value["producerTask"]
        for item in value.values():
            yield from _producers(item)
