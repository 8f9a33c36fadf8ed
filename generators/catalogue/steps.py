"""The components that a `component.py` defines, read from its syntax: nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from generators.python_text import tree as tree_of


@dataclass(frozen=True)
class Value:
    """An input or an output: its name, its type as it is written, and the default of an input, "" for none."""

    name: str
    type: str
    default: str = ""


@dataclass(frozen=True)
class Step:
    """One component: its function's name, what its docstring says, what it takes and what it gives."""

    name: str
    text: str
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]


def steps(source: str) -> list[Step]:
    """The components of a module in their order; those of no `dsl` decorator are none."""
    return [_step(node) for node in tree_of(source).body if isinstance(node, ast.FunctionDef) and _is_component(node)]


def overview(source: str) -> str:
    """The first sentence of the module's docstring."""
    text = (ast.get_docstring(tree_of(source)) or "").split("\n\n")[0]
    return " ".join(text.split())


def _is_component(node: ast.FunctionDef) -> bool:
    names = {_called(decorator) for decorator in node.decorator_list}
    return bool(names & {"dsl.component", "dsl.container_component", "component", "container_component"})


def _called(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _step(node: ast.FunctionDef) -> Step:
    values = list(_arguments(node.args))
    is_output = {value.name: value.type.removeprefix("dsl.").startswith("Output") for value in values}
    outputs = [Value(value.name, _inside(value.type)) for value in values if is_output[value.name]]
    inputs = [Value(value.name, _inside(value.type), value.default) for value in values if not is_output[value.name]]
    return Step(node.name, ast.get_docstring(node) or "", tuple(inputs), (*outputs, *_returned(node.returns)))


def _arguments(arguments: ast.arguments) -> Iterator[Value]:
    named = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(named) - len(arguments.defaults)), *arguments.defaults]
    pairs = [*zip(named, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    for argument, default in pairs:
        kind = ast.unparse(argument.annotation) if argument.annotation else ""
        yield Value(argument.arg, kind, ast.unparse(default) if default else "")


def _inside(kind: str) -> str:
    """`Input[Dataset]` as `Dataset`, and `OutputPath(str)` as `str`: which of the two it is, its table says."""
    bare = kind.removeprefix("dsl.")
    for holder in ("Input", "Output"):
        if bare.startswith((f"{holder}[", f"{holder}Path(")):
            return bare[bare.index("[" if bare.startswith(f"{holder}[") else "(") + 1 : -1]
    return kind


def _returned(returns: ast.expr | None) -> Iterator[Value]:
    """What a function returns: one `Output`, or the fields of a NamedTuple."""
    if returns is None or (isinstance(returns, ast.Constant) and returns.value is None):
        return
    if isinstance(returns, ast.Call) and _called(returns).endswith("NamedTuple") and len(returns.args) == 2:
        for field in getattr(returns.args[1], "elts", ()):
            name, kind = field.elts
            yield Value(str(getattr(name, "value", ast.unparse(name))), ast.unparse(kind))
        return
    yield Value("Output", ast.unparse(returns))
