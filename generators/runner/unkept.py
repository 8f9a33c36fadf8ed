"""What steps ask a cluster for, and a process on this machine is neither given nor held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generators.ir.view import Container, Pipeline, Pod
from generators.ir.view.container import KINDS

Unkept = Mapping[str, Mapping[str, str]]  # what is asked for, to how much or which of it, by the step's path

_MOST_NAMED = 3  # steps that a line names


def asked_for(pipeline: Pipeline) -> Unkept:
    """All of it, by what is asked for: `{"cpu": {"variants/train": "2"}}`."""
    found: dict[str, dict[str, str]] = {}
    for path, task in sorted(pipeline.walk(), key=lambda found: found[0]):
        label = pipeline.of_task(task).executor
        if container := pipeline.container(label) if label else None:
            for name, asked in (*_resources(container), *_placement(pipeline.pod(label))):
                found.setdefault(name, {})[path] = asked
    return found


def lines(asked: Unkept) -> Iterator[str]:
    """A line for each thing that is asked for, with how much of it each step wants."""
    for name, steps in asked.items():
        amounts: dict[str, list[str]] = {}
        for path, amount in steps.items():
            amounts.setdefault(amount, []).append(path)
        yield f"{name}: {'; '.join(f'{amount} for {_steps(paths)}' for amount, paths in amounts.items())}"


def _steps(paths: list[str]) -> str:
    return ", ".join(paths) if len(paths) <= _MOST_NAMED else f"{len(paths)} steps"


def _resources(container: Container) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        bounds = [container.resources.amount(kind, bound) for bound in ("Request", "Limit")]
        if amounts := [amount for amount in dict.fromkeys(bounds) if amount]:
            yield kind, " to ".join(amounts)
    name, count = container.resources.accelerator
    if count:
        yield "accelerator", f"{count} {name}"


def _placement(pod: Pod) -> Iterator[tuple[str, str]]:
    affinity = pod.node_affinity or pod.pod_affinity
    said = {"node selector": pod.node_selector.tree, "tolerations": pod.tolerations, "affinity": affinity}
    yield from ((name, "one of its own") for name, value in said.items() if value)
    if pod.security:
        yield "user", ", ".join(f"{field} {value}" for field, value in pod.security.items())
