"""What calls, conditions and loops come to, once their arguments have been compiled.

Source: interpreter/ of https://github.com/google/cel-go (v0.26), error for error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generators.cel import ast
from generators.cel.errors import EvaluationError, NotKnown, Stopped, no_overload
from generators.cel.operators import contained
from generators.cel.qualifiers import go_type
from generators.cel.values import Optional, equal

Scope = dict[str, Any]
Evaluate = Callable[[Scope], Any]


def unary(operate: Callable[[Any], Any], argument: Evaluate) -> Evaluate:
    """What an operator of one operand comes to."""
    return lambda scope: operate(argument(scope))


def binary(operate: Callable[[Any, Any], Any], left: Evaluate, right: Evaluate) -> Evaluate:
    """What an operator of two operands comes to."""
    return lambda scope: operate(left(scope), right(scope))


def _logical(decisive: bool) -> Callable[[Evaluate, Evaluate], Evaluate]:
    """`||` and `&&`: the decisive value of either side wins over an error of the other."""

    def make(left: Evaluate, right: Evaluate) -> Evaluate:
        def evaluate(scope: Scope) -> bool:
            error: EvaluationError | None = None
            for term in (left, right):
                try:
                    value = term(scope)
                except Stopped:
                    raise
                except EvaluationError as failed:
                    error = error or failed
                    continue
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    error = error or no_overload()
            if error:
                raise error
            return not decisive

        return evaluate

    return make


def _conditional(condition: Evaluate, first: Evaluate, second: Evaluate) -> Evaluate:
    def evaluate(scope: Scope) -> Any:
        chosen = condition(scope)
        if type(chosen) is not bool:
            raise no_overload()
        return first(scope) if chosen else second(scope)

    return evaluate


def _not_equal(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(scope: Scope) -> bool:
        first, second = left(scope), right(scope)
        try:
            return not equal(first, second)
        except EvaluationError:
            return True

    return evaluate


def _not_strictly_false(argument: Evaluate) -> Evaluate:
    def evaluate(scope: Scope) -> bool:
        try:
            return argument(scope) is not False
        except Stopped:
            raise
        except EvaluationError:
            return True

    return evaluate


def _or_value(unwrap: bool) -> Callable[[Evaluate, Evaluate], Evaluate]:
    def make(left: Evaluate, right: Evaluate) -> Evaluate:
        def evaluate(scope: Scope) -> Any:
            value = left(scope)
            if type(value) is not Optional:
                return value
            return (value.value if unwrap else value) if value.present else right(scope)

        return evaluate

    return make


def fold(
    node: ast.Comprehension, iter_range: Evaluate, init: Evaluate, condition: Evaluate, step: Evaluate, result: Evaluate
) -> Evaluate:
    """What a macro comes to, which goes over a list or a map: an error in its body is kept in place of a value."""
    names = (node.iter_var, node.iter_var2, node.accu_var)

    def evaluate(scope: Scope) -> Any:
        items = _items(iter_range(scope), bool(node.iter_var2))
        inner = dict(scope)
        inner[node.accu_var] = _tried(init, scope)
        for first, second in items:
            inner[node.iter_var] = first
            if node.iter_var2:
                inner[node.iter_var2] = second
            if _tried(condition, inner) is False:
                break
            inner[node.accu_var] = _tried(step, inner)
        for name in names[:2]:
            inner.pop(name, None)
            if name in scope:
                inner[name] = scope[name]
        return result(inner)

    return evaluate


def _items(value: Any, two: bool) -> list[tuple[Any, Any]]:
    if type(value) is dict:
        return list(value.items())
    if type(value) is list:
        return list(enumerate(value)) if two else [(item, None) for item in value]
    raise EvaluationError(
        f"unsupported comprehension range type: {go_type(value)}"
        if two
        else f"got '{go_type(value)}', expected iterable type"
    )


def _tried(evaluate: Evaluate, scope: Scope) -> Any:
    """A value or the error in its place."""
    try:
        return evaluate(scope)
    except Stopped:
        raise
    except EvaluationError as error:
        return error


def _equal(left: Evaluate, right: Evaluate) -> Evaluate:
    return binary(equal, left, right)


def of_text(search: Callable[..., Any], arguments: list[Evaluate]) -> Evaluate:
    """A search by an expression that is known: cel-go makes it another function, whose errors name none."""

    def evaluate(scope: Scope) -> Any:
        text, *more = [argument(scope) for argument in arguments]
        if type(text) is not str or (len(more) == 2 and type(more[1]) is not int):
            raise no_overload()
        return search(text, *more)

    return evaluate


def reckoned(argument: Evaluate) -> Evaluate:
    """The argument of a call whose cost cel-go reckons even where the argument has no value, which stops it."""

    def evaluate(scope: Scope) -> Any:
        try:
            return argument(scope)
        except EvaluationError:
            problem = "interface conversion: *types.Err is not traits.Lister: missing method Add"
            raise Stopped(f"internal error: {problem}") from None

    return evaluate


def put(values: dict[Any, Any], key: Any, value: Any) -> None:
    """Add an entry: keys of two types that are alike, such as true and 1, are one to Python, and two to cel-go."""
    if type(key) is not str and key in values and type(next(each for each in values if each == key)) is not type(key):
        raise NotKnown(
            "a map with keys of several types that are alike, such as true and 1, is known to a cluster alone"
        )
    values[key] = value


RECKONED = frozenset({"distinct", "sort"})
PATTERNS = frozenset({"matches", "find", "findAll"})
SPECIAL: dict[tuple[str, int], Callable[..., Evaluate]] = {
    ("_&&_", 2): _logical(False),
    ("_||_", 2): _logical(True),
    ("_?_:_", 3): _conditional,
    ("_==_", 2): _equal,
    ("_!=_", 2): _not_equal,
    ("@not_strictly_false", 1): _not_strictly_false,
    ("__not_strictly_false__", 1): _not_strictly_false,
    ("or", 2): _or_value(unwrap=False),
    ("orValue", 2): _or_value(unwrap=True),
    ("in", 2): lambda left, right: binary(contained, left, right),
}
