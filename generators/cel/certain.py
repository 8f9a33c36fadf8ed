"""What Python's own code calls where it stands for an expression, see `writer`: a value, or no answer.

Values are those of `values`, but an optional one is the value itself, or ABSENT. `Doubt` is raised wherever cel-go has
an error, and where it is not worth the time to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from generators.cel import operators
from generators.cel.libraries import regex
from generators.cel.values import MAX_INT, MIN_INT, Opaque, equal, from_python


class Doubt(Exception):
    """What is written in Python has no answer, and the expression has to be evaluated as cel-go does."""


ERRORS = (Doubt, operators.EvaluationError, LookupError, TypeError)  # of code that has no answer
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
# A pattern that Python and RE2 read alike: plain characters, classes of them, groups, counts.
_ALIKE = re.compile(r"(?:[\w@:/,|^ -]|\((?!\?)|\)|\[[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*\]|\{\d{1,3}\}|\?|\$)*", re.ASCII)


def doubt() -> NoReturn:
    """There is no answer."""
    raise Doubt


def truth(value: Any) -> bool:
    """A value that has to be true or false."""
    return value if value is True or value is False else doubt()


def has(value: Any, name: str) -> bool:
    """`has(value.name)`."""
    return name in value if type(value) is dict else doubt() if type(value) is list else False


def reach(value: Any, *names: str) -> Any:
    """`value.?name` for one name after the other."""
    for name in names:
        if type(value) is not dict:
            return doubt() if type(value) is list else ABSENT
        value = value.get(name, ABSENT)
    return value


def reach_or(default: Any, value: Any, *names: str) -> Any:
    """`value.?name.orValue(default)` for one name after the other."""
    for name in names:
        if type(value) is not dict:
            return doubt() if type(value) is list else default
        value = value.get(name, ABSENT)
    return default if value is ABSENT else value


def either(value: Any, otherwise: Any) -> Any:
    """`value.or(otherwise)`, or `orValue`."""
    return otherwise if value is ABSENT else value


def either_of(value: Any, otherwise: Callable[[], Any]) -> Any:
    """The same for what costs something to know, or may have no value."""
    return otherwise() if value is ABSENT else value


def some(value: Any) -> Any:
    """`value.value()`."""
    return doubt() if value is ABSENT else value


def at(value: Any, key: Any) -> Any:
    """`value[key]`."""
    if type(value) is dict and type(key) is str:
        return value[key]
    return value[key] if type(value) is list and type(key) is int and key >= 0 else doubt()


def maybe_at(value: Any, key: Any) -> Any:
    """`value[?key]`."""
    if type(value) is dict and type(key) is str:
        return value.get(key, ABSENT)
    return ABSENT if value is ABSENT else doubt()


def each(value: Any) -> Any:
    """What a macro goes through: a list, or the keys of a map."""
    return value if type(value) in (list, dict) else doubt()


def made(*entries: tuple[Any, Any, bool]) -> dict[str, Any]:
    """A map of (key, value, whether the value is optional)."""
    found: dict[str, Any] = {}
    for key, value, optional in entries:
        if type(key) is not str:
            doubt()
        if optional and value is ABSENT:
            found.pop(key, None)
        else:
            found[key] = value
    return found


def same(left: Any, right: Any) -> bool:
    """`left == right`."""
    kind = type(left)
    if kind is str:
        return left == right if type(right) is str else False
    if left is None or kind is bool:
        return left is right
    if kind is int and type(right) is int:
        return left == right if _held(left) and _held(right) else doubt()
    return equal(from_python(left), from_python(right))


def alike(left: Any, right: Any) -> bool:
    """`left == right` of optional values."""
    return left is right if left is ABSENT or right is ABSENT else same(left, right)


def within(item: Any, container: Any) -> bool:
    """`item in container`."""
    if type(item) is str and type(container) in (list, dict):
        return item in container
    return any(same(item, other) for other in container) if type(container) is list else doubt()


def plus(left: Any, right: Any) -> Any:
    """`left + right`."""
    if type(left) is type(right) and type(left) in (list, str):
        return left + right
    return call(operators.add, left, right)


def count(value: Any) -> int:
    """`value.size()`."""
    return len(value) if type(value) in (list, dict, str) else doubt()


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """A function of arguments that Python holds as CEL does."""
    return function(*arguments) if all(map(_held, arguments)) else doubt()


def _held(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return MIN_INT <= value <= MAX_INT
    if kind is list:
        return all(map(_held, value))
    return kind in (str, bool) or isinstance(value, Opaque)


def finds(pattern: str) -> Callable[[Any], bool]:
    """`text.matches(pattern)`, of the text."""
    search: Callable[[str], Any] = regex.compiled(pattern).search
    if _ALIKE.fullmatch(pattern):
        search = re.compile(pattern.replace("$", r"\Z"), re.ASCII).search
    return lambda text: search(text) is not None if type(text) is str else doubt()


def one(found: Sequence[Any]) -> bool:
    """Whether there is exactly one."""
    return len(found) == 1
