"""Functions of a CEL library: their overloads by name, and which of them takes the arguments at hand.

A type is a text as Google's CEL reads it (`list<string>`, `~A` for any), an opaque one the name of its class.
Source of the dispatch: common/decls of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generators.cel.errors import no_overload
from generators.cel.values import Duration, Optional, Timestamp, TypeValue, Uint, type_name

Matches = Callable[[Any], bool]

_KINDS: dict[str, type] = {
    "bool": bool,
    "bytes": bytes,
    "double": float,
    "duration": Duration,
    "int": int,
    "string": str,
    "timestamp": Timestamp,
    "type": TypeValue,
    "uint": Uint,
    "null_type": type(None),
}


@dataclass(frozen=True)
class Overload:
    """One signature of a function; of a `member` the first parameter stands before the dot."""

    id: str
    parameters: tuple[str, ...]
    result: str
    call: Callable[..., Any]
    member: bool = False


@dataclass(frozen=True)
class Function:
    """A function with its overloads; one that is not `guarded` looks at its arguments itself."""

    name: str
    overloads: tuple[Overload, ...]
    guarded: bool = True


@dataclass(frozen=True)
class Library:
    """Functions that came with one release of Kubernetes, `since` its minor number.

    Those that Google's CEL has too are `builtin`: they need no declaration there.
    """

    since: int
    functions: tuple[Function, ...]
    builtin: bool = False


def member(id: str, parameters: str, result: str, call: Callable[..., Any]) -> Overload:
    """An overload of a method; its parameters are separated by spaces."""
    return Overload(id, tuple(parameters.split()), result, call, member=True)


def plain(id: str, parameters: str, result: str, call: Callable[..., Any]) -> Overload:
    """An overload of a function."""
    return Overload(id, tuple(parameters.split()), result, call)


def merged(libraries: Iterable[Library]) -> dict[str, Function]:
    """The functions of all libraries by name, with the overloads of each that has the name."""
    found: dict[str, Function] = {}
    for function in (function for library in libraries for function in library.functions):
        known = found.get(function.name)
        overloads = (*(known.overloads if known else ()), *function.overloads)
        found[function.name] = Function(function.name, overloads, function.guarded)
    return found


def dispatched(function: Function, ids: tuple[str, ...] = ()) -> Callable[..., Any]:
    """What calls the overload that takes the arguments; `ids` are those that their static types leave."""
    chosen = [each for each in function.overloads if each.id in ids] if len(ids) == 1 else list(function.overloads)
    if not function.guarded:
        return _by_count({len(each.parameters): each.call for each in chosen})
    candidates = [(tuple(map(matcher, each.parameters)), each.call) for each in chosen or function.overloads]

    def call(*arguments: Any) -> Any:
        for parameters, implementation in candidates:
            if len(parameters) == len(arguments) and all(
                matches(value) for matches, value in zip(parameters, arguments, strict=True)
            ):
                return implementation(*arguments)
        raise no_overload(function.name, *map(type_name, arguments))

    return call


def matcher(type_text: str) -> Matches:
    """Whether a value is of a type, as far as its first element tells."""
    head, inner = split(type_text)
    if head == "list":
        element = matcher(inner[0])
        return lambda value: type(value) is list and (not value or element(value[0]))
    if head == "map":
        key, entry = map(matcher, inner)
        return lambda value: type(value) is dict and all(key(k) and entry(v) for k, v in [*value.items()][:1])
    if head == "dyn" or head.startswith("~"):
        return lambda value: True
    if head == "optional_type":
        return lambda value: type(value) is Optional
    kind = _KINDS.get(head)
    if kind:
        return lambda value: type(value) is kind
    return lambda value: getattr(value, "type_name", "") == head


def split(type_text: str) -> tuple[str, list[str]]:
    """A type's name, and the types of its parameters."""
    head, _, rest = type_text.partition("<")
    return head, rest[:-1].split(",", 1) if head == "map" else [rest[:-1]] if rest else []


def _by_count(calls: Mapping[int, Callable[..., Any]]) -> Callable[..., Any]:
    return lambda *arguments: calls[len(arguments)](*arguments)
