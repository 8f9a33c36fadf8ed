"""The neutral words of a shape, and where two shapes differ."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from generators.quantities import quantity

Facts = Mapping[str, str]
Tree = Mapping[str, Any]  # a part of the IR, or of a manifest

UNSAID = "(not said)"  # what a form has no place for; it is equal to anything
MISSING = "(nothing)"
OWN = "its own"  # an output that a task makes itself, and a container's command that its image decides


@dataclass(frozen=True)
class Source:
    """Where a value comes from: references with the keys taken out of them, or a constant as canonical JSON.

    A reference is `input x` of the pipeline around the task, `its x` of the task, `task.output`, `status of task`,
    `item of ...`, or `the run`.
    """

    references: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    constant: str = ""

    def __str__(self) -> str:
        path = "".join(f"[{key}]" for key in self.keys)
        return (" and ".join(sorted(self.references)) or self.constant or MISSING) + path


@dataclass(frozen=True)
class Task:
    """What every engine must agree on about one task, as text that can be compared and shown.

    kind         container, importer or dag
    after        a task beside it to `succeeded` or `over`: when this one may begin
    condition    what must hold, in the words of CEL
    loop         the list that it is repeated over, and how many at once
    inputs       what it declares: `required`, `optional`, or its default
    arguments    where each input's value comes from
    outputs      where each output's value comes from
    types        of the parameters among inputs and outputs
    artifacts    whose content is brought to the container, or kept from it
    command      its arguments whole where they are constants, else what they are made of
    settings     the rest of what the pod is given: timeout, labels, placement, ...
    failure      whether it is the failure of the DAG around it too
    """

    kind: str
    after: Facts = field(default_factory=dict)
    condition: str = ""
    loop: str = ""
    parallelism: str = ""
    inputs: Facts = field(default_factory=dict)
    arguments: Facts = field(default_factory=dict)
    outputs: Facts = field(default_factory=dict)
    types: Facts = field(default_factory=dict)
    artifacts: Facts = field(default_factory=dict)
    image: str = ""
    command: tuple[str, ...] = ()
    resources: Facts = field(default_factory=dict)
    env: Facts = field(default_factory=dict)
    volumes: Facts = field(default_factory=dict)
    settings: Facts = field(default_factory=dict)
    retry: str = ""
    cached: str = ""
    failure: str = "counts"


@dataclass(frozen=True)
class Shape:
    """A pipeline: what a run may be given, and its tasks by their path from the root, which is the task at ""."""

    parameters: Facts
    tasks: Mapping[str, Task]

    def differences(self, other: Shape) -> Iterator[Difference]:
        """Where `other` is not as this one is."""
        for name, value, found in _unlike(self.parameters, other.parameters):
            yield Difference("", "parameters", name, value, found)
        for path in sorted(self.tasks.keys() | other.tasks.keys()):
            if path in self.tasks and path in other.tasks:
                yield from _between(path, self.tasks[path], other.tasks[path])
            else:
                here, there = (tasks[path].kind if path in tasks else MISSING for tasks in (self.tasks, other.tasks))
                yield Difference(path, "task", "", here, there)


@dataclass(frozen=True)
class Difference:
    """One difference: the task's path, what of it (a field of Task), under which name, and both values."""

    path: str
    what: str
    name: str
    wanted: str
    found: str


def canonical(value: Any) -> str:
    """`value` as the one JSON text that every equal value has: 64.0 is 64, and keys are sorted."""
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False)


def amount(text: str) -> str:
    """A quantity in its base unit, so that 1000m and 1 are alike; what is not one stays as it is."""
    try:
        return format(quantity(text).normalize(), "f")
    except ValueError:
        return text


def put_together(references: Iterable[str]) -> str:
    """A text that is known only when the pipeline runs, by what is put into it."""
    return f"<{' and '.join(sorted(set(references))) or 'of the run'}>"


def declared(default: str | None, optional: bool) -> str:
    """What a task declares of an input; `default` is canonical JSON."""
    if default is not None:
        return f"default {default}"
    return "optional" if optional else "required"


def allowed(values: Iterable[Any]) -> str:
    """The end of what is declared of a parameter that may have these values alone; nothing where it may have any."""
    listed = sorted({canonical(value) for value in values})
    return f", one of {', '.join(listed)}" if listed else ""


def retried(count: int, duration: Any, factor: Any, longest: Any) -> str:
    """A retry policy; without a first wait there is nothing to multiply or to limit."""
    if not count:
        return ""
    waits = {"after": duration, "times": factor, "at most": longest} if duration else {}
    return ", ".join([f"{count} more", *(f"{word} {_whole(value)}" for word, value in waits.items() if value)])


def _between(path: str, here: Task, there: Task) -> Iterator[Difference]:
    for what in (each.name for each in fields(Task)):
        value, found = getattr(here, what), getattr(there, what)
        if isinstance(value, str):
            value, found = {"": value or MISSING}, {"": found or MISSING}
        elif isinstance(value, tuple):
            value, found = ({str(at): part for at, part in enumerate(parts)} for parts in (value, found))
        yield from (Difference(path, what, *difference) for difference in _unlike(value, found))


def _unlike(here: Facts, there: Facts) -> Iterator[tuple[str, str, str]]:
    for name in sorted(here.keys() | there.keys()):
        value, found = here.get(name, MISSING), there.get(name, MISSING)
        if value != found and UNSAID not in (value, found):
            yield name, value, found


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return value
