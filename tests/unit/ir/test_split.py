"""Executors that tasks share, as older SDKs compile them, are split before anything differs by task."""

from __future__ import annotations

from typing import Any

from generators.ir.split import split_executors
from generators.ir.steps import steps


def _task(name: str, component: str) -> dict[str, Any]:
    return {"taskInfo": {"name": name}, "componentRef": {"name": component}}


def _spec(tasks: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    executors = {"exec-say": {"container": {"image": "greeter"}}}
    return {"root": {"dag": {"tasks": tasks}}, "components": components, "deploymentSpec": {"executors": executors}}


def _platform() -> dict[str, Any]:
    return {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-say": {"imagePullPolicy": "Always"}}}}}}


def test_tasks_of_one_component_get_executors_of_their_own() -> None:
    tasks = {"say": _task("say", "comp-say"), "say-2": _task("again", "comp-say")}

    spec, platform = split_executors(_spec(tasks, {"comp-say": {"executorLabel": "exec-say"}}), _platform())

    labels = {step.path: step.executor for step in steps(spec)}
    assert labels == {"say": "exec-say", "again": "exec-say-2"}
    assert spec["deploymentSpec"]["executors"]["exec-say-2"] == {"container": {"image": "greeter"}}
    settings = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    assert settings["exec-say-2"] == {"imagePullPolicy": "Always"}


def test_components_that_share_an_executor_are_told_apart() -> None:
    tasks = {"say": _task("say", "comp-say"), "ask": _task("ask", "comp-ask")}
    components = {"comp-say": {"executorLabel": "exec-say"}, "comp-ask": {"executorLabel": "exec-say"}}

    spec, _ = split_executors(_spec(tasks, components), {})

    assert {step.path: step.executor for step in steps(spec)} == {"say": "exec-say", "ask": "exec-ask"}


def test_a_nested_pipeline_used_twice_is_split_to_its_depth() -> None:
    tasks = {"one": _task("one", "comp-inner"), "two": _task("two", "comp-inner")}
    inner = {"dag": {"tasks": {"say": _task("say", "comp-say")}}}
    components = {"comp-inner": inner, "comp-say": {"executorLabel": "exec-say"}}

    spec, _ = split_executors(_spec(tasks, components), {})

    assert len({step.executor for step in steps(spec)}) == 2
    assert [step.path for step in steps(spec)] == ["one/say", "two/say"]


def test_what_shares_nothing_stays_as_it_is() -> None:
    before = _spec({"say": _task("say", "comp-say")}, {"comp-say": {"executorLabel": "exec-say"}})

    assert split_executors(before, {}) == (before, {})
