"""What a rule in CEL looks at of the value that it is about: most ask of a large one whether two fields are there.

With nothing else in it a value is small, and many are the same, so that a rule is asked once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from generators.checks.definitions.parts import Part

_MACRO = re.compile(r"\bself\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
Escape = Callable[[Any, "Part | None"], Any]


@dataclass(frozen=True)
class Needed:
    """Fields of a mapping by their names in CEL: those whose value matters, and those that only have to be there."""

    whole: frozenset[str]
    there: frozenset[str]

    def of(self, value: Mapping[str, Any], part: Part | None, escape: Escape) -> dict[str, Any]:
        """What is needed of a mapping."""
        found: dict[str, Any] = {}
        for name, item in value.items():
            called = part.escaped.get(name, name) if part else name
            if called in self.whole:
                found[called] = escape(item, part.properties.get(name, part.values) if part else None)
            elif called in self.there:
                found[called] = True
        return found


def narrowed(rule: str, value: Any, part: Part | None, escape: Escape) -> Any:
    """The value, escaped for CEL, with what the rule needs of it; all of it where that cannot be told."""
    if isinstance(value, dict) and (needed := _of_mapping(rule)):
        return needed.of(value, part, escape)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value) and (needed := _of_items(rule)):
        return [needed.of(item, part.items if part else None, escape) for item in value]
    return escape(value, part)


@cache
def _of_mapping(rule: str) -> Needed | None:
    return _fields(_TEXT.sub("''", rule), {"self"})


@cache
def _of_items(rule: str) -> Needed | None:
    """Of the items of a list that is gone through and not looked at otherwise."""
    text = _TEXT.sub("''", rule)
    names = set(_MACRO.findall(text))
    left = _MACRO.sub("(", text)
    return _fields(left, names) if names and not re.search(r"\bself\b", left) else None


def _fields(text: str, variables: set[str]) -> Needed | None:
    """The fields that are selected of variables; None where one of them is used as a whole."""
    every = "|".join(sorted(variables))
    if re.search(rf"\b(?:{every})\b(?!\s*\.\s*[A-Za-z_]\w*\b(?!\s*\())", text):
        return None
    asked = re.findall(rf"\bhas\(\s*(?:{every})\.(\w+)\s*\)", text)
    others = re.sub(rf"\bhas\(\s*(?:{every})\.\w+\s*\)", "true", text)
    whole = frozenset(re.findall(rf"\b(?:{every})\s*\.\s*(\w+)", others))
    return Needed(whole, frozenset(asked) - whole)
