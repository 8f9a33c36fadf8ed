"""The shape of a DAG: order, what a failure spares, and paths that never collide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generators.ir import graph
from generators.ir.view import Component, Pipeline


def task(*upstream: str, name: str = "", completed: bool = False, component: str = "comp") -> dict:
    made = {"dependentTasks": list(upstream), "taskInfo": {"name": name}, "componentRef": {"name": component}}
    return made | ({"triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}} if completed else {})


@given(st.permutations("abcdef"))
def test_every_task_comes_after_what_it_waits_for(order):
    tasks = {key: task(*order[:index]) for index, key in enumerate(order)}
    assert list(graph.dependencies(tasks)) == list(order)


def test_a_producer_is_waited_for_even_where_it_is_not_listed():
    consumer = task() | {
        "inputs": {"parameters": {"x": {"taskOutputParameter": {"producerTask": "a", "outputParameterKey": "x"}}}}
    }
    assert graph.dependencies({"b": consumer, "a": task()}) == {"a": [], "b": ["a"]}


def test_a_failure_spares_exit_tasks_and_what_follows_on_them():
    tasks = {"work": task(), "exit": task("work", completed=True), "after": task("exit"), "beside": task("work")}
    assert graph.spared(tasks, graph.dependencies(tasks)) == {"exit", "after"}


def test_names_are_unique_and_fit_a_folder_whatever_tasks_are_called():
    branches = {"dag": {"tasks": {"condition-2": task(name="same")}}}
    tasks = {
        "condition-branches-1": task(component="branches"),
        "a": task(name="same"),
        "b": task(name="../to be / or.json"),
        "c": task(name="a"),
    }
    found = graph.names(Pipeline.of({"components": {"branches": branches}}), Component({"dag": {"tasks": tasks}}))
    assert found == {"condition-2": "same~condition-2", "a": "same~a", "b": "-to-be-or-json", "c": "a"}
