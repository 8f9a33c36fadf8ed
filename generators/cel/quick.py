"""Google's CEL as what decides quickly: a definite yes or no of it is the API server's too.

An error of Google's CEL stands for "not known": where it does not matter to the result, neither does what cel-go has
in its place, since `&&`, `||`, `all` and `exists` pass over it. So whatever Google's CEL lacks, and whatever the two
may reckon differently, only has to be an error here: it is called by another name, which takes no argument there is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from generators.cel import ast
from generators.cel.errors import InvalidExpression
from generators.cel.libraries import LIBRARIES, standard, strings
from generators.cel.library import Function, merged
from generators.cel.tokens import Token, solid, tokens
from generators.cel.values import settled

if TYPE_CHECKING:
    from cel_expr_python import cel

# What Google's CEL and cel-go may write or reckon differently.
UNLIKE = frozenset({"string", "timestamp", "duration", "format", "bytes", "quote", "double", "int", "uint"})
_EXACT = "exact_"
_OWN = UNLIKE | {"matches"}  # whose pattern Google's CEL would read anew at each call
_ARITIES = range(4)


def direct(
    tree: ast.Tree, program: cel.Expression, native: cel.Env
) -> Callable[[Mapping[str, Any]], bool | None] | None:
    """What evaluates a program: True or False, or None for any other value and none; None where it lacks parts."""
    calls = {node.function for node in ast.walk(tree.root) if isinstance(node, ast.Call)}
    if tree.types.get(tree.root.id) != "bool" or calls & (_own(strings=True) | UNLIKE):
        return None

    def evaluate(values: Mapping[str, Any]) -> bool | None:
        if changed(values):
            return None
        found = _value(program, native.Activation(dict(values)))
        return found if type(found) is bool else None

    return evaluate


def quickly(expression: str, variables: tuple[str, ...]) -> Callable[[Any], Any]:
    """What evaluates an expression for an `activation` of these variables; None where it has no value without doubt.

    The expression may bind names by `cel.bind`. Raises InvalidExpression where Google's CEL cannot read it.
    """
    try:
        program = _binding(variables).compile(_renamed(expression))
    except RuntimeError as error:
        raise InvalidExpression(str(error)) from None
    return lambda values: None if values is None else _value(program, values)


def activation(values: Mapping[str, Any]) -> Any:
    """Values of CEL as Google's holds them, converted once; it must not change any of them."""
    return _binding(tuple(values)).Activation(dict(values))


def changed(value: Any) -> bool:
    """Whether Google's CEL for Python changes a value: a NUL ends its strings."""
    return not settled(value) and _has_nul(value)


def _has_nul(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return "\0" in value
    if kind is dict:
        return any(map(_has_nul, value)) or any(map(_has_nul, value.values()))
    return any(map(_has_nul, value)) if kind is list else False


def _value(program: cel.Expression, values: Any) -> Any:
    """What a program comes to; None also where it fails."""
    from cel_expr_python import cel

    try:
        found = program.eval(values)
        value = found.plain_value()
    except RuntimeError:
        return None
    return None if type(value) is str and found.type() == cel.Type.ERROR else value  # an error's value is its text


def _renamed(expression: str) -> str:
    """An expression that calls by another name what is not to be trusted."""
    found = tokens(expression)
    places = list(solid(found))
    for place, after in itertools.pairwise(places):
        if found[place].text in _OWN and found[after].text == "(":
            found[place] = Token("name", _EXACT + found[place].text)
    return "".join(token.text for token in found)


@cache
def _own(strings: bool = False) -> frozenset[str]:
    """The functions that Google's CEL lacks."""
    return frozenset(merged([each for each in LIBRARIES if not each.builtin and (strings or each not in _STRINGS)]))


_STRINGS = strings.LIBRARIES


@cache
def _binding(variables: tuple[str, ...]) -> cel.Env:
    """An environment of what Google's CEL has, with `cel.bind`, and with what it lacks as errors."""
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_bindings, ext_optional, ext_strings

    taken = frozenset(merged(_STRINGS)) | {"reverse"}
    names = sorted(_own() - taken - {"string"}) + sorted(f"{_EXACT}{name}" for name in _OWN)
    return cel.NewEnv(
        variables=dict.fromkeys(variables, cel.Type.DYN),
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional(), ext_bindings.ExtBindings()],
        functions=[_never(name) for name in names],
    )


def _never(name: str) -> cel.FunctionDecl:
    """A function of any arguments that takes none of them, or those alone that it is trusted with."""
    from cel_expr_python import cel

    def fail(*arguments: Any) -> Any:
        raise ValueError(name)

    known = _trusted(name)
    if known:
        return cel.FunctionDecl(name, known)
    overloads = [
        cel.Overload(
            f"{name}_{'method_' if member else ''}{count}",
            return_type=cel.Type.DYN,
            parameters=[cel.Type.DYN] * count,
            is_member=member,
            impl=fail,
        )
        for count in _ARITIES
        for member in ((False,) if count == 0 or "." in name else (False, True))
    ]
    return cel.FunctionDecl(name, overloads)


def _trusted(name: str) -> list[cel.Overload]:
    """The overloads of `int`, `string` and `matches` for values that Python holds as CEL does."""
    from cel_expr_python import cel

    plain = name.removeprefix(_EXACT)
    if plain not in ("int", "string", "matches"):
        return []
    kinds = {"bool": cel.Type.BOOL, "int": cel.Type.INT, "string": cel.Type.STRING}
    function: Function = merged([standard.LIBRARY])[plain]
    return [
        cel.Overload(
            f"{_EXACT}{each.id}",
            return_type=kinds[each.result],
            parameters=[kinds[kind] for kind in each.parameters],
            is_member=each.member,
            impl=each.call,
        )
        for each in function.overloads
        if set(each.parameters) <= set(kinds)
    ]
