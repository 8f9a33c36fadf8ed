"""Reads where the IR's values come from, and so what a task waits for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.normal_form import text
from generators.ir.normal_form.neutral import Source
from generators.ir.values import selected_keys
from generators.ir.view import Loop, Pod, Task
from generators.ir.view import Source as Origin
from generators.ir.view.source import OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS


@dataclass(frozen=True)
class Flow:
    """The values of one DAG: `names` maps its tasks to their names in the shape, `parameter` an input or an output."""

    names: Mapping[str, str]
    parameter: Callable[[str], str]

    def given(self, task: Task) -> dict[str, Source]:
        """What a task is given, by the input's own name; a constant may speak of the other inputs."""
        sources = {**dict(task.sources(PARAMETERS)), **dict(task.sources(ARTIFACTS))}
        found: dict[str, Source] = {}
        for name in sorted(sources, key=lambda name: "runtimeValue" in sources[name].tree):
            found[name] = self.source(sources[name], found)
        return found

    def source(self, source: Origin, given: Mapping[str, Source]) -> Source:
        """Where one value comes from; `given` are the inputs that a constant may speak of."""
        if source.is_constant:
            return text.constant(source.value, given)
        keys = tuple(dict.fromkeys(map(str, selected_keys(source.selector)))) if source.selector else ()
        if source.kind == OUTPUT:
            return Source(frozenset({f"{self._task(source.task)}.{self.parameter(source.name)}"}), keys)
        if source.kind == STATUS:
            return Source(frozenset({f"status of {self._task(source.task)}"}))
        return Source(frozenset({f"input {self.parameter(source.name)}"}), keys)

    def around(self, source: Origin) -> Source:
        """Where a value of the PlatformSpec comes from, which has no other inputs beside it."""
        return self.source(source, {})

    def output(self, selectors: Iterable[tuple[str, str]]) -> str:
        """Where an output of the DAG comes from: a task's output, or that of one of several."""
        return str(Source(frozenset(f"{self._task(task)}.{self.parameter(output)}" for task, output in selectors)))

    def upstream(self, task: Task, pod: Pod) -> Iterator[str]:
        """The tasks that one waits for: those that its inputs or its pod's settings come from, and those it names."""
        for key in (
            *_producers(task.tree.get("inputs", {})),
            *_producers(pod.tree),
            *task.tree.get("dependentTasks", ()),
        ):
            yield self._task(key)

    def _task(self, key: str) -> str:
        return self.names.get(key, key)


def over(loop: Loop, given: Mapping[str, Source]) -> Source:
    """The list that a task is repeated over."""
    if loop.raw is not None:
        return text.constant(json.loads(loop.raw), given)
    return given.get(loop.over, Source())


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
