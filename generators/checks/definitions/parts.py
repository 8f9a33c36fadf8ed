"""What a definition's schema asks for that a JSON Schema cannot say, laid out for one walk down an object.

Defaults, rules in CEL and lists whose items have keys; a part of the schema without any of them below is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generators.checks.definitions.structural import MAP_KEYS, RULES
from generators.checks.forms import Schema

_RESERVED = frozenset((
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
    "namespace", "null", "package", "return", "true", "var", "void", "while",
))  # fmt: skip
_ESCAPES = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
NOTHING = object()  # the default of what has none, since null may be one


def in_cel(name: str) -> str:
    """How CEL names a field; one that it cannot name stays."""
    return f"__{name}__" if name in _RESERVED else re.sub(r"__|[./-]", lambda found: _ESCAPES[found[0]], name)


@dataclass(frozen=True)
class Part:
    """One schema and what is below it.

    `keys` are those by which the items of a list are told apart, `escaped` the fields that CEL calls otherwise.
    """

    default: Any = NOTHING
    rules: Sequence[Mapping[str, Any]] = ()
    keys: Sequence[str] = ()
    nullable: bool = False
    properties: Mapping[str, Part] = field(default_factory=dict)
    values: Part | None = None
    items: Part | None = None
    escaped: Mapping[str, str] = field(default_factory=dict)

    @property
    def matters(self) -> bool:
        """Whether there is anything to do at or below it."""
        own = self.default is not NOTHING or self.rules or self.keys or self.escaped
        return bool(own or self.properties or self.values or self.items)

    @cached_property
    def has_defaults(self) -> bool:
        """Whether a default stands at or below it."""
        below = [*self.properties.values(), self.values, self.items]
        return self.default is not NOTHING or any(part.has_defaults for part in below if part)

    @cached_property
    def has_keys(self) -> bool:
        """Whether a list whose items have keys stands at or below it."""
        below = [*self.properties.values(), self.values, self.items]
        return bool(self.keys) or any(part.has_keys for part in below if part)

    @cached_property
    def keyed(self) -> Mapping[str, Part]:
        """The properties at or below which such a list stands."""
        return {name: each for name, each in self.properties.items() if each.has_keys}

    @cached_property
    def has_rules(self) -> bool:
        """Whether a rule stands at or below it."""
        below = [*self.properties.values(), self.values, self.items]
        return bool(self.rules) or any(part.has_rules for part in below if part)


def parts(schema: Schema) -> Part | None:
    """The parts of a whole schema; None where it asks for nothing of the kind."""
    return _Reader(schema.get("$defs", {})).part(schema)


class _Reader:
    def __init__(self, shared: Mapping[str, Schema]) -> None:
        self._shared = shared
        self._read: dict[str, Part | None] = {}

    def part(self, schema: Any) -> Part | None:
        if not isinstance(schema, dict):
            return None
        name = schema.get("$ref", "").removeprefix("#/$defs/")
        if not name:
            return self._made(schema)
        if name not in self._read:
            self._read[name] = None  # as far down as a schema goes into itself, it asks for nothing more
            self._read[name] = self._made(self._shared[name])
        return self._read[name]

    def _made(self, schema: Schema) -> Part | None:
        kinds = schema.get("type", ())
        below = {name: self.part(each) for name, each in schema.get("properties", {}).items()}
        found = Part(
            schema.get("default", NOTHING),
            tuple(schema.get(RULES, ())),
            tuple(schema.get(MAP_KEYS, ())),
            not isinstance(kinds, str) and "null" in kinds,
            {name: each for name, each in below.items() if each},
            self.part(schema.get("additionalProperties")),
            self.part(schema.get("items")),
            {name: each for name in below if (each := in_cel(name)) != name},
        )
        return found if found.matters else None
