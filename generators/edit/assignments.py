"""`KEY=VALUE` and `--unset KEY` as they are given: a key as `graft explain` takes it, a value in YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from generators.errors import Unreadable
from generators.inventory.read import Node, find, read_document
from generators.model import Finding, Place

_EXAMPLE = "for example pipelines.transfer-learning.parameters.epochs=40"


@dataclass(frozen=True)
class Assignment:
    """A key and its new value, or None to take it out; `replaces` writes it with `~`, whatever stands below it."""

    key: str
    value: Node | None
    replaces: bool = False


def read(given: Iterable[str], unset: Iterable[str]) -> list[Assignment]:
    """The assignments; Unreadable with everything that is wrong with how they are written."""
    found, wrong = [], []
    for text in given:
        key, equals, value = text.partition("=")
        if not key or not equals:
            wrong.append(refused(text, "assignment", "is not KEY=VALUE", _EXAMPLE))
        elif not value.strip():
            fix = f"write {key}=null, {key}='\"\"' for an empty text, or --unset {key}"
            wrong.append(refused(key, "assignment", "has no value", fix))
        else:
            node, findings = _value(key, value)
            wrong += findings
            found.append(Assignment(key.replace(".~", "."), node, ".~" in key))
    found += [Assignment(key, None) for key in unset]
    keys = [each.key for each in found]
    wrong += [refused(key, "assignment", "is given twice", "keep one of them") for key in sorted(_twice(keys))]
    if wrong:
        raise Unreadable(wrong)
    return found


def node_of(value: Any) -> Node:
    """A plain value as a tree, which stands nowhere."""
    nowhere = Place("", 0, 0)
    if isinstance(value, dict):
        return Node({key: node_of(child) for key, child in value.items()}, nowhere)
    if isinstance(value, list | tuple):
        return Node(tuple(map(node_of, value)), nowhere)
    return Node(value, nowhere)


def refused(key: str, rule: str, message: str, fix: str = "", found: str = "") -> Finding:
    """The finding of what is wrong with a key of the command line."""
    return Finding("invalid", "use", rule, Place(key, 0, 0), "", message, found, fix=fix)


def _value(key: str, text: str) -> tuple[Node | None, list[Finding]]:
    document = read_document(key, f"value: {text}" if "\n" not in text else f"value:\n{_indented(text)}")
    node = find(document.root, ("value",))
    wrong = [refused(key, each.rule, each.message, each.fix, each.found or text) for each in document.findings]
    if not wrong and node is None:
        wrong = [refused(key, "syntax", "is not a value in YAML", "quote it", text)]
    return node, wrong


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _twice(keys: list[str]) -> set[str]:
    return {key for key in keys if keys.count(key) > 1}
