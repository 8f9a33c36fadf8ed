"""What a file that a person hands over holds: objects of Kubernetes, a compiled pipeline, or something else."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from generators.checks import secrets
from generators.inventory.paths import KeyPath, format_path
from generators.ir import documents
from generators.ir.documents import Node
from generators.ir.lines import nearest_line
from generators.ir.validate.descriptors import PIPELINE, fields
from generators.model import Finding, Place

LARGEST = 64 << 20  # bytes of one file
_NOT_OURS = {  # what is said of a compiled pipeline, which kfp writes, to be said of a file that anybody wrote
    "alias": ("a YAML alias stands here, which readers do not all take alike", "write the value out"),
    "tag": ("a YAML tag stands here, which readers do not all take alike", "remove the tag; write text in quotes"),
}
# what nothing is read after
_CUT_OFF = ("control-character", "depth", "documents", "key", "mistakes", "number-range", "syntax")
_HELD = frozenset({"pipelineSpec", "platformSpec", "platforms", *fields(PIPELINE)})


@dataclass(frozen=True)
class Given:
    """An object of Kubernetes, and where it stands."""

    file: str
    node: Node
    content: dict[str, Any]

    @property
    def kind(self) -> tuple[str, str]:
        """Its API version and its kind."""
        return self.content["apiVersion"], self.content["kind"]

    def place(self, path: KeyPath) -> Place:
        """Where a path in it stands, or what of it there is."""
        return Place(self.file, nearest_line(self.node, path))


@dataclass(frozen=True)
class Contents:
    """What a file holds; `pipeline` are the documents of a compiled pipeline that is no object."""

    file: str
    objects: tuple[Given, ...] = ()
    pipeline: tuple[Node, ...] = ()
    findings: tuple[Finding, ...] = ()


def contents(text: str, file: str) -> Contents:
    """What the text of a file holds, and what is wrong with how it is written."""
    if len(text.encode()) > LARGEST:
        message = f"the file is larger than {LARGEST >> 20} MiB"
        return Contents(file, findings=(_finding(file, 1, "size", message, fix="split it"),))
    roots, wrong = documents.read(text, file)
    findings = [_in_our_words(each) for each in wrong] + [finding for _, finding in secrets.problems(file, text)]
    if any(each.rule in _CUT_OFF for each in wrong):
        return Contents(file, findings=tuple(findings))
    objects: list[Given] = []
    pipeline: list[Node] = []
    for root in (root for root in roots if root.value is not None):
        keys = set(root.value) if isinstance(root.value, dict) else set()
        if {"apiVersion", "kind"} <= keys:
            for node in _items(root):
                findings += _object(node, file, objects)
        elif keys & _HELD and "kind" not in keys:
            pipeline.append(root)
        else:
            findings.append(_stranger(file, root, keys))
    if not (objects or pipeline or findings):
        message = "the file holds nothing"
        findings.append(_finding(file, 1, "empty", message, fix="give a manifest or a compiled pipeline"))
    return Contents(file, tuple(objects), tuple(pipeline), tuple(findings))


def _in_our_words(finding: Finding) -> Finding:
    if finding.rule not in _NOT_OURS:
        return finding
    message, fix = _NOT_OURS[finding.rule]
    return replace(finding, message=message, fix=fix)


def _stranger(file: str, root: Node, keys: set[Any]) -> Finding:
    """A document that nothing is known of, or an object that lacks half of what says what it is."""
    for key, other in (("kind", "apiVersion"), ("apiVersion", "kind")):
        if key in keys:
            message = f"the key {other!r} is missing, so it is not known what this object is"
            return _finding(file, root.line, "missing-key", message, fix=f"add {other}: ...")
    message = "this document is neither an object of Kubernetes nor a compiled pipeline"
    return _finding(file, root.line, "document", message, fix="leave the file out, or correct it")


def _items(node: Node) -> Iterator[Node]:
    """The objects in a list of them, or the one that it is."""
    kind, items = node.value["kind"][1].value, node.value.get("items", (0, Node(None, 0)))[1].value
    if not isinstance(kind, str) or not kind.endswith("List") or not isinstance(items, list):
        yield node
        return
    for item in items:
        yield from _items(item) if _is_object(item) else [item]


def _is_object(node: Node) -> bool:
    return isinstance(node.value, dict) and {"apiVersion", "kind"} <= node.value.keys()


def _object(node: Node, file: str, objects: list[Given]) -> Iterator[Finding]:
    """Adds the object of a node; yields what no JSON can hold, or what says nothing of what it is."""
    if not _is_object(node) or not all(isinstance(node.value[key][1].value, str) for key in ("apiVersion", "kind")):
        message = "what is no object with apiVersion and kind, both text, is not known here"
        yield _finding(file, node.line, "document", message, fix="give it an apiVersion and a kind")
        return
    wrong = list(_no_json(node, file))
    yield from wrong
    if not wrong:
        objects.append(Given(file, node, _json(documents.plain(node))))


def _no_json(node: Node, file: str, path: KeyPath = ()) -> Iterator[Finding]:
    """What of a node JSON has not: keys that are no text, and numbers that are none."""
    if isinstance(node.value, dict):
        for key, (line, child) in node.value.items():
            if not isinstance(key, str):
                message, fix = "a key must be text, and YAML reads this one otherwise", f'write "{key}": in quotes'
                yield _finding(file, line, "key", message, str(key), fix, format_path(path))
            else:
                yield from _no_json(child, file, (*path, key))
    elif isinstance(node.value, list):
        for at, child in enumerate(node.value):
            yield from _no_json(child, file, (*path, at))
    elif isinstance(node.value, float) and not math.isfinite(node.value):
        yield _finding(
            file, node.line, "number-range", "cannot be written as JSON", str(node.value), path=format_path(path)
        )


def _json(value: Any) -> Any:
    """A value as Kubernetes reads it: what YAML 1.1 takes for a date is text."""
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _finding(file: str, line: int, rule: str, message: str, found: str = "", fix: str = "", path: str = "") -> Finding:
    return Finding("invalid", "read", rule, Place(file, line), path, message, found, fix=fix)
