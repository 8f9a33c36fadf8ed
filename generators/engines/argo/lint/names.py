"""Names that are told apart, and those that something refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.suggestions import did_you_mean

Object = Mapping[str, Any]

_FIELD = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
_VALUE = re.compile(r"[-a-zA-Z0-9_]+")
_FIELD_FORM = "letters, digits and hyphens, a letter or a digit first, at most 128"
_VALUE_FORM = "letters, digits, hyphens and underscores"


def named(items: Iterable[Object], path: KeyPath, values: bool = False) -> Iterator[Problem]:
    """The problems of names in a list: of templates and tasks, or of the `values` that they hand over."""
    form, said = (_VALUE, _VALUE_FORM) if values else (_FIELD, _FIELD_FORM)
    seen: set[str] = set()
    for at, item in enumerate(items):
        name = item.get("name") or ""
        if not name:
            yield Problem((*path, at), "missing-key", "the key 'name' is missing", fix="add name: ...", missing="name")
        elif "{{" not in name and not form.fullmatch(name):
            yield Problem((*path, at, "name"), "form", "does not have the form of a name", name, said)
        elif name in seen:
            fix = "give it another name"
            yield Problem((*path, at, "name"), "duplicate", "is the name of another one here", name, fix=fix)
        seen.add(name)


def unknown(what: str, name: str, known: Iterable[str], path: KeyPath, rule: str, fix: str = "") -> Problem:
    """The problem of a name that nothing has."""
    names = sorted(known)
    allowed = ", ".join(names) or "none"
    return Problem(path, rule, f"there is no {what} of that name", name, allowed, did_you_mean(name, names) or fix)


def is_variable(text: Any) -> bool:
    """Whether a value is known only when it runs."""
    return isinstance(text, str) and "{{" in text
