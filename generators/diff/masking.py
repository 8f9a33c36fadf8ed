"""A change without the credentials that its values hold: who reads of a change is not who may read those."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from generators.credentials import hidden, masked, name_in
from generators.diff.model import InputChange, Line
from generators.diff.told import REFERENCE

T = TypeVar("T")
_NAMED = {Line: ("before", "after"), InputChange: ("before", "after")}


def masked_change(found: T) -> T:
    """The same change with `(not shown)` in the place of each credential."""
    if not is_dataclass(found) or isinstance(found, type):
        return found
    return replace(found, **{each.name: _field(found, each.name) for each in fields(found)})


def _field(found: Any, field: str) -> Any:
    value = getattr(found, field)
    if isinstance(value, str) and field in _NAMED.get(type(found), ()):
        if isinstance(found, Line) and found.what == "secret" and REFERENCE.fullmatch(value):
            return value  # whatever the Secret is called
        return hidden(value, _name(found))
    return _within(value)


def _within(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_within, value))
    return masked(value) if isinstance(value, str) else masked_change(value)


def _name(found: Line | InputChange) -> str:
    """The key that names the value; none of a reference, which names the place of a credential."""
    if isinstance(found, Line) and found.what == "secret":
        return ""
    return name_in(found.name if isinstance(found, Line) else found.path)
