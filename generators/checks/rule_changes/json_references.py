"""What a `$ref` of one of two schemas that are compared leads to, where the two refer to different places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

_DEFINITION = re.compile(r"#(/(\$defs|definitions)/[^/]+)?")


@dataclass(frozen=True)
class Documents:
    """The two documents; `compared` are the references that are followed at the moment, as a schema may hold itself."""

    old: Any
    new: Any
    compared: frozenset[tuple[Any, Any]] = field(default=frozenset())

    def entered(self, old: Any, new: Any) -> Documents | None:
        """These, with two references being followed; None where they are already."""
        pair = (str(old), str(new))
        return None if pair in self.compared else replace(self, compared=self.compared | {pair})

    def turned(self) -> Documents:
        """These, the one in place of the other."""
        return Documents(self.new, self.old, frozenset((new, old) for old, new in self.compared))

    @staticmethod
    def without_reference(schema: dict[str, Any], document: Any) -> dict[str, Any]:
        """A schema with what it refers to in place of the reference; one that leads nowhere says nothing."""
        seen: set[str] = set()
        while isinstance(reference := schema.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            found = _target(document, reference)
            if not isinstance(found, dict):
                found = {"not": {}} if found is False else {}
            clash = any(key in found and found[key] != value for key, value in beside.items())
            schema = {**beside, "allOf": [*beside.get("allOf", ()), found]} if clash else {**found, **beside}
        return {key: value for key, value in schema.items() if key != "$ref"}


def is_definition(reference: Any) -> bool:
    """Whether there is no reference, or what it leads to is compared by its name: anything may stand elsewhere."""
    return reference is None or (isinstance(reference, str) and bool(_DEFINITION.fullmatch(reference)))


def _target(document: Any, reference: str) -> Any:
    """What a reference into a document leads to, None where that is nothing, or is another document."""
    if not reference.startswith("#"):
        return None
    found = document
    for part in filter(None, reference[1:].split("/")):
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        elif isinstance(found, dict) and key in found:
            found = found[key]
        else:
            return None
    return found
