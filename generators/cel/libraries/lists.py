"""Lists and sets: Kubernetes' library, and those of cel-go.

Source: pkg/cel/library/lists.go of https://github.com/kubernetes/apiserver (v0.36); ext/lists.go and ext/sets.go of
https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from generators.cel.errors import EvaluationError, no_overload
from generators.cel.go_text import shown
from generators.cel.library import Function, Library, Overload, member, plain
from generators.cel.operators import add, contained, same
from generators.cel.values import Duration, Uint, comparable, compare, key_of, type_name

_COMPARABLE = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")
_ZEROES = {"int": 0, "uint": Uint(0), "double": 0.0, "duration": Duration(0)}
_SAME = "list<~T>"


def _order(left: Any, right: Any) -> int | None:
    """How two values compare, None where they do not; what is of no order at all is an error."""
    if not comparable(left):
        raise no_overload()
    try:
        return compare(left, right)
    except EvaluationError:
        return None


def _is_sorted(items: list[Any]) -> bool:
    for item in items:
        if not comparable(item):
            raise no_overload()
    return all(_order(left, right) != 1 for left, right in zip(items, items[1:], strict=False))


def _sum(zero: Any) -> Callable[[list[Any]], Any]:
    def total(items: list[Any]) -> Any:
        found = zero
        for item in items:
            if type(item) is bool or item is None or isinstance(item, dict):
                raise no_overload()
            found = add(found, item)
        return found

    return total


def _best(name: str, worse: int) -> Callable[[list[Any]], Any]:
    def best(items: list[Any]) -> Any:
        if not items:
            raise EvaluationError(f"{name} called on empty list")
        found = items[0]
        for item in items:
            if not comparable(item):
                raise no_overload()
            if _order(found, item) == worse:
                found = item
        return found

    return best


def _index(items: list[Any], wanted: Any, reverse: bool = False) -> int:
    places = range(len(items))
    return next((place for place in (reversed(places) if reverse else places) if same(items[place], wanted)), -1)


def _each(function: str, kinds: tuple[str, ...], make: Callable[[str], Overload]) -> Function:
    return Function(function, tuple(map(make, kinds)))


_KUBERNETES = (
    _each(
        "isSorted", _COMPARABLE, lambda kind: member(f"list_{kind}_is_sorted_bool", f"list<{kind}>", "bool", _is_sorted)
    ),
    _each(
        "sum",
        tuple(_ZEROES),
        lambda kind: member(f"list_{kind}_sum_{kind}", f"list<{kind}>", kind, _sum(_ZEROES[kind])),
    ),
    _each("max", _COMPARABLE, lambda kind: member(f"list_{kind}_max_{kind}", f"list<{kind}>", kind, _best("max", -1))),
    _each("min", _COMPARABLE, lambda kind: member(f"list_{kind}_min_{kind}", f"list<{kind}>", kind, _best("min", 1))),
    Function("indexOf", (member("list_a_index_of_int", "list<~A> ~A", "int", _index),)),
    Function(
        "lastIndexOf",
        (member("list_a_last_index_of_int", "list<~A> ~A", "int", lambda items, wanted: _index(items, wanted, True)),),
    ),
)


def _slice(items: list[Any], start: int, end: int) -> list[Any]:
    if start < 0 or end < 0:
        raise EvaluationError(f"cannot slice({start}, {end}), negative indexes not supported")
    if start > end:
        raise EvaluationError(f"cannot slice({start}, {end}), start index must be less than or equal to end index")
    if len(items) < end:
        raise EvaluationError(f"cannot slice({start}, {end}), list is length {len(items)}")
    return items[start:end]


def _flatten(items: Any, depth: Any = 1) -> list[Any]:
    if type(items) is not list or type(depth) is not int:
        raise EvaluationError(f"no such overload: {type_name(items)}.flatten({type_name(depth)})")
    if depth < 0:
        raise EvaluationError("level must be non-negative")
    return [
        inner for item in items for inner in (_flatten(item, depth - 1) if type(item) is list and depth else [item])
    ]


def _flatten_once(items: Any) -> list[Any]:
    if type(items) is not list:
        raise EvaluationError(f"no such overload: {type_name(items)}.flatten()")
    return _flatten(items, 1)


def sort_by(items: list[Any], keys: list[Any]) -> list[Any]:
    """The items in the order of their keys."""
    if type(items) is not list:
        raise no_overload("@sortByAssociatedKeys")
    if not items:
        return items
    if not comparable(keys[0]):
        raise EvaluationError("list elements must be comparable")
    if len(keys) > 1 and any(type(key) is not type(keys[0]) for key in keys):
        raise EvaluationError("list elements must have the same type")
    order = sorted(range(len(items)), key=lambda place: cmp_to_key(compare)(keys[place]))
    return [items[place] for place in order]


def _sort(items: Any) -> list[Any]:
    if type(items) is not list:
        raise no_overload("sort")
    return sort_by(items, items)


def _distinct(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not any(same(item, each) for each in found):
            found.append(item)
    return found


_EXTENDED = (
    Function("slice", (member("list_slice", "list<~T> int int", _SAME, _slice),)),
    Function(
        "flatten",
        (
            member("list_flatten", "list<list<~T>>", _SAME, _flatten_once),
            member("list_flatten_int", "list<dyn> int", "list<dyn>", _flatten),
        ),
        guarded=False,
    ),
    Function(
        "sort",
        tuple(member(f"list_{kind}_sort", f"list<{kind}>", f"list<{kind}>", _sort) for kind in _COMPARABLE),
        False,
    ),
    Function(
        "@sortByAssociatedKeys", (member("list_sortByAssociatedKeys", "list<~T> list<~U>", _SAME, sort_by),), False
    ),
    Function("lists.range", (plain("lists_range", "int", "list<int>", lambda count: list(range(count))),)),
    Function("reverse", (member("list_reverse", _SAME, _SAME, lambda items: items[::-1]),)),
    Function("distinct", (member("list_distinct", _SAME, _SAME, _distinct),)),
)


def _insert(entries: dict[Any, Any], *more: Any) -> dict[Any, Any]:
    """A map with another entry, or with those of another map, whose keys it may not have."""
    for key, value in [more] if len(more) == 2 else more[0].items():
        if key_of(key, entries) is not None:
            raise EvaluationError(f"insert failed: key {shown(key)} already exists")
        entries = {**entries, key: value}
    return entries


_MAPS = (
    Function(
        "cel.@mapInsert",
        (
            plain("@mapInsert_map_key_value", "map<~K,~V> ~K ~V", "map<~K,~V>", _insert),
            plain("@mapInsert_map_map", "map<~K,~V> map<~K,~V>", "map<~K,~V>", _insert),
        ),
    ),
)


def _has_all(items: list[Any], wanted: list[Any]) -> bool:
    return all(contained(item, items) for item in wanted)


def _set(name: str, holds: Callable[[list[Any], list[Any]], bool]) -> Function:
    return Function(f"sets.{name}", (plain(f"list_sets_{name}_list", "list<~T> list<~T>", "bool", holds),))


_SETS = (
    _set("contains", _has_all),
    _set("equivalent", lambda left, right: _has_all(left, right) and _has_all(right, left)),
    _set("intersects", lambda left, right: any(contained(item, right) for item in left)),
)

LIBRARIES = (Library(0, _KUBERNETES), Library(29, _SETS), Library(32, _MAPS, builtin=True), Library(34, _EXTENDED))
