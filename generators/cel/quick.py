"""Google's CEL as what decides quickly: a definite yes or no of it is the API server's too.

An error of Google's CEL stands for "not known": where it does not matter to the result, neither does what cel-go has
in its place, since `&&`, `||`, `all` and `exists` pass over it. What calls anything that Google's CEL lacks, or that
the two may reckon differently, is not asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from generators.cel import ast
from generators.cel.libraries import LIBRARIES, strings
from generators.cel.library import merged
from generators.cel.values import MIN_INT, settled

if TYPE_CHECKING:
    from cel_expr_python import cel

# What Google's CEL and cel-go may write or reckon differently.
UNLIKE = frozenset({"string", "timestamp", "duration", "format", "bytes", "quote", "double", "int", "uint"})


def direct(
    tree: ast.Tree, program: cel.Expression, native: cel.Env
) -> Callable[[Mapping[str, Any]], bool | None] | None:
    """What evaluates a program: True or False, or None for any other value and none; None where it lacks parts."""
    nodes = list(ast.walk(tree.root))
    if any(isinstance(node, ast.MapOf) and (node.message or not _has_texts(node)) for node in nodes):
        return None
    calls = {node.function for node in nodes if isinstance(node, ast.Call)}
    if tree.types.get(tree.root.id) != "bool" or calls & (_own(strings=True) | UNLIKE):
        return None
    if any(_is_unlike(node.value) for node in nodes if isinstance(node, ast.Constant)):
        return None

    def evaluate(values: Mapping[str, Any]) -> bool | None:
        if changed(values):
            return None
        found = _value(program, native.Activation(dict(values)))
        return found if type(found) is bool else None

    return evaluate


def _has_texts(node: ast.MapOf) -> bool:
    """Whether all keys of a map are written as texts: of others Google's CEL refuses some that cel-go takes."""
    return all(isinstance(key, ast.Constant) and key.kind == "string" for key, *_ in node.entries)


def changed(value: Any) -> bool:
    """Whether Google's CEL for Python has another value: a NUL ends its strings, and the double -2^63 is an int."""
    return not settled(value) and _is_unlike(value)


def _is_unlike(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return "\0" in value
    if kind is float:
        return value == MIN_INT
    if kind is dict:
        return any(map(_is_unlike, value)) or any(map(_is_unlike, value.values()))
    return any(map(_is_unlike, value)) if kind is list else False


def _value(program: cel.Expression, values: Any) -> Any:
    """What a program comes to; None also where it fails."""
    from cel_expr_python import cel

    try:
        found = program.eval(values)
        value = found.plain_value()
    except RuntimeError:
        return None
    return None if type(value) is str and found.type() == cel.Type.ERROR else value  # an error's value is its text


@cache
def _own(strings: bool = False) -> frozenset[str]:
    """The functions that Google's CEL lacks."""
    return frozenset(merged([each for each in LIBRARIES if not each.builtin and (strings or each not in _STRINGS)]))


_STRINGS = strings.LIBRARIES
