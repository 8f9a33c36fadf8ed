"""What Kubernetes refuses of an expression whose types are right.

Source: cel/validator.go of https://github.com/google/cel-go (v0.26), and the options of pkg/cel/environment/base.go of
https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generators.cel import ast
from generators.cel.errors import EvaluationError
from generators.cel.libraries.formatting import check_format
from generators.cel.libraries.regex import NotARegex, compiled
from generators.cel.times import duration_of, timestamp_of

Problem = tuple[str, ast.Node]

_NULL = {"null": "null_type"}

_LITERALS = {"duration": duration_of, "timestamp": timestamp_of}
_UNAVAILABLE = {"reverse"}  # of strings, which came with a version of the library that Kubernetes does not have


def problems(tree: ast.Tree, minor: int) -> Iterator[Problem]:
    """Each problem with the node that has it: literals that are none, mixed lists and maps."""
    yield from _mixed(tree, tree.root)
    for node in ast.walk(tree.root):
        if isinstance(node, ast.Call):
            yield from _unavailable(tree, node)
            yield from _wrong_literal(node)
            yield from _wrong_format(tree, node)


def of_literals(tree: ast.Tree) -> dict[int, str]:
    """The types of the literals in an expression whose types are not checked; those of all else are not known, ""."""
    return {
        node.id: _NULL.get(node.kind, node.kind) if isinstance(node, ast.Constant) else ""
        for node in ast.walk(tree.root)
    }


def _wrong_literal(node: ast.Call) -> Iterator[Problem]:
    literal = node.args[0] if node.args else None
    if not isinstance(literal, ast.Constant) or literal.kind != "string":
        return
    try:
        if node.function in _LITERALS:
            _LITERALS[node.function](literal.value)
        elif node.function in ("matches", "find", "findAll") and node.target is not None:
            compiled(literal.value)
    except (ValueError, EvaluationError, NotARegex):
        yield f"invalid {node.function} argument", literal


def _wrong_format(tree: ast.Tree, node: ast.Call) -> Iterator[Problem]:
    """Clauses of a literal format that do not fit the list of its arguments."""
    target, (argument, *_) = node.target, node.args or (None,)
    if node.function != "format" or not isinstance(target, ast.Constant) or not isinstance(argument, ast.ListOf):
        return
    if target.kind == "string":
        found = check_format(target.value, [_kind(tree, each) for each in argument.elements])
        if found:
            yield found, node


def _kind(tree: ast.Tree, node: ast.Node) -> str:
    return (tree.types.get(node.id) or "dyn").partition("(")[0]


def _unavailable(tree: ast.Tree, node: ast.Call) -> Iterator[Problem]:
    if node.function in _UNAVAILABLE and "string_reverse" in tree.overloads.get(node.id, ()):
        yield f"undeclared reference to '{node.function}' (in container '')", node


def _mixed(tree: ast.Tree, node: ast.Node) -> Iterator[Problem]:
    """Lists and maps of more than one type, but for those that `format` is given."""
    if isinstance(node, ast.Call) and node.function == "format":
        if node.target is not None:
            yield from _mixed(tree, node.target)
        return
    if isinstance(node, ast.ListOf):
        yield from _unlike(tree, node.elements, node.optional)
    if isinstance(node, ast.MapOf) and not node.message:
        optional = frozenset(place for place, entry in enumerate(node.entries) if entry[2])
        yield from _unlike(tree, [key for key, _, _ in node.entries], frozenset())
        yield from _unlike(tree, [value for _, value, _ in node.entries], optional)
    for child in ast.children(node):
        yield from _mixed(tree, child)


def _unlike(tree: ast.Tree, nodes: Sequence[ast.Node], optional: frozenset[int]) -> Iterator[Problem]:
    first = ""
    for place, node in enumerate(nodes):
        kind = tree.types.get(node.id, "dyn")
        if place in optional:
            kind = kind.removeprefix("optional_type(").removesuffix(")")
        first = first or kind
        if kind and kind != first:
            yield f"expected type '{first}' but found '{kind}'", node
            return
