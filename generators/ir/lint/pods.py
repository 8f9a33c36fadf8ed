"""Whether the pod of a step can start and be placed, by what is said of it in different places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate.scope import Scope
from generators.ir.view import Container
from generators.ir.view.container import KINDS
from generators.quantities import quantity

_EXECUTORS = ("deploymentSpec", "executors")
_WORKSPACE = "{{$.workspace_path}}"
_BY_SIZE = ("Gt", "Lt")


def check(scope: Scope) -> None:
    """Add a problem for every pod that Kubernetes refuses or never places, and for what it silently overwrites."""
    for label in scope.pipeline.executors:
        at = (*_EXECUTORS, label, "container")
        if container := scope.pipeline.container(label):
            _resources(scope, container, (*at, "resources"))
            _workspace(scope, {"command": container.command, "args": container.args}, at)
            _variables(scope, container, label)
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            _workspace(scope, dict(task.tree.get("inputs", {})), (*at, "inputs"))
    for label, pod in scope.pipeline.pods.items():
        for where, requirement in _requirements(pod, ("platforms", "kubernetes", *_EXECUTORS, label)):
            _by_size(scope, requirement, where)


def _resources(scope: Scope, container: Container, at: KeyPath) -> None:
    """https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits"""
    for kind in KINDS:
        request, limit = (container.resources.amount(kind, bound) for bound in ("Request", "Limit"))
        try:
            is_more = bool(request and limit) and quantity(request) > quantity(limit)
        except ValueError:  # a placeholder, or an exponent
            continue
        if is_more:
            message = f"asks for more {kind} than its limit, which Kubernetes refuses"
            field = f"resource{kind.capitalize()}Request"
            field = field if field in container.resources.tree else f"{kind}Request"
            scope.add("resources", (*at, field), message, request, f"{limit} at the most")


def _workspace(scope: Scope, tree: Any, at: KeyPath) -> None:
    """A path in the workspace of a pipeline that has none: its pod waits for a volume that nobody makes."""
    for where, text in _texts(tree, at) if not scope.pipeline.has_workspace else ():
        if _WORKSPACE in text:
            message = "is a path in the workspace, and the pipeline has none"
            fix = "give it one: dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size=...))"
            scope.add("workspace", where, message, _WORKSPACE, fix=fix)


def _texts(tree: Any, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(tree, str):
        yield at, tree
    elif isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _texts(value, (*at, key))


def _variables(scope: Scope, container: Container, label: str) -> None:
    """Of two variables of one name a container gets the last, and nobody says so."""
    pod = scope.pipeline.pod(label)
    names = [name for name, _ in (*container.env, *pod.fields)] + [each.variable for each in pod.variables]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        at = ("platforms", "kubernetes", *_EXECUTORS, label) if label in scope.pipeline.pods else (*_EXECUTORS, label)
        message = f"the variable {twice[0]} is set more than once, and the container gets one of its values"
        scope.warn("variable", at, message, ", ".join(twice), "set it once")


def _requirements(tree: Any, at: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """What is asked of the labels of nodes, wherever it is asked."""
    if (
        isinstance(tree, dict)
        and tree.get("operator") in _BY_SIZE
        and "effect" not in tree
        and at[-2:-1] != ("tolerations",)
    ):
        yield at, tree
    elif isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _requirements(value, (*at, key))


def _by_size(scope: Scope, requirement: dict[str, Any], at: KeyPath) -> None:
    """https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#operators"""
    values = requirement.get("values", [])
    if len(values) != 1 or not str(values[0]).lstrip("-").isdecimal():
        message = f"{requirement['operator']} compares with one whole number, so that no node has what is asked for"
        scope.add("affinity", (*at, "values"), message, ", ".join(map(str, values)), 'one number, such as ["8"]')
