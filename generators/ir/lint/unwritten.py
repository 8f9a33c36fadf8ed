"""Whether a step's function can write what it is to give: a name of it that stands nowhere in its text is a slip."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from generators.ir.validate.scope import Scope
from generators.ir.view import Component, Container
from generators.ir.view.tree import ARTIFACTS

_FUNCTION = "--function_to_execute"
_BY_ANY_NAME = {"eval", "exec", "locals", "vars"}


def check(scope: Scope) -> None:
    """Add a warning for every output artifact that the Python function of a component never names."""
    for path, component in scope.components:
        container = scope.pipeline.container(component.executor)
        if container is not None and container.runs_kfp:
            for name in _unnamed(component, container):
                message = f"the function never names its output artifact {name}, so nothing writes it"
                fix = f"write to {name}.path, or remove it"
                scope.warn("artifact", (*path, "outputDefinitions", ARTIFACTS, name), message, name, fix)


def _unnamed(component: Component, container: Container) -> Iterator[str]:
    outputs = component.outputs(ARTIFACTS)
    function = _function(container) if outputs else None
    if function is None:
        return
    body = [node for statement in function.body for node in ast.walk(statement)]
    named = {node.id for node in body if isinstance(node, ast.Name)}
    named |= {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    taken = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    if not named & _BY_ANY_NAME:
        yield from (name for name in outputs if name in taken and name not in named)


def _function(container: Container) -> ast.FunctionDef | None:
    """The function that KFP's executor calls, None where its text cannot be read."""
    templates = container.templates
    called = next((after for each, after in pairwise(templates) if each == _FUNCTION), "")
    for text in templates:
        if f"def {called}(" not in text:
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == called:
                return node
    return None
