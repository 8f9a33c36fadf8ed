"""Reads in which order Argo runs the tasks of a DAG, and which failures it sees."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generators.ir.normal_form.neutral import Tree

_OVER = {"Succeeded", "Failed", "Errored", "Skipped", "Omitted"}
_STATE = re.compile(r"([A-Za-z0-9_-]+)\.(\w+)")
_TERM = re.compile(rf"{_STATE.pattern}|\({_STATE.pattern}(?: \|\| {_STATE.pattern})*\)")


def after(depends: str, dag: Tree) -> dict[str, str]:
    """Task to the word for what must have become of it."""
    found = {}
    for term in filter(None, depends.split(" && ")):
        states = _STATE.findall(term) if _TERM.fullmatch(term) else []
        tasks = {task for task, _ in states}
        name = tasks.pop() if len(tasks) == 1 else term
        found[name] = _until({state for _, state in states}, term, dag)
    return found


def _until(states: set[str], term: str, dag: Tree) -> str:
    if states == {"Succeeded"}:
        return "succeeded"
    if states != _OVER:
        return term
    return "over" if dag.get("failFast") is False else "over, unless a failure ends the DAG first"


def seen_failures(dag: Tree) -> set[str]:
    """The tasks whose failure is the DAG's: Argo looks at its targets, and what waits for a success passes it on."""
    waiting = {task["name"]: after(task.get("depends", ""), dag) for task in dag["tasks"]}
    more = dag.get("target", "").split() or _leaves(waiting)
    seen = set(more)
    while more:
        fresh = {other for other, state in waiting.get(more.pop(), {}).items() if state == "succeeded"} - seen
        seen |= fresh
        more += fresh
    return seen


def _leaves(waiting: Mapping[str, Mapping[str, str]]) -> list[str]:
    waited_for = {other for upstream in waiting.values() for other in upstream}
    return [name for name in waiting if name not in waited_for]
