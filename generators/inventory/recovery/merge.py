"""Turns what reclass-rs refuses into findings with places, and goes on as if each had been fixed.

reclass-rs stops at the first problem of an environment. Each is looked up in the layers, reported, and repaired in a
copy (a reference becomes the nearest one that exists, a change of kind is left out), until the copy merges: so one
pass names them all, and the checks of the merged document can still run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from generators.inventory.layers import Layer, with_value
from generators.inventory.origin import Origin, sources
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import MergeFailed, Node, merge_copies, plain, walk, without
from generators.inventory.references import Reference, nested, references, whole_reference
from generators.inventory.trace import Trace
from generators.model import Finding, Place
from generators.suggestions import nearest

_MOST = 100  # problems of one environment; a bound for the loop, and more than a person wants to read


@dataclass(frozen=True)
class _Repair:
    """The findings of one refusal, and the layers without its cause; None where the cause was not found."""

    findings: list[Finding]
    layers: tuple[Layer, ...] | None


def merge_with_repairs(environment: str, layers: Sequence[Layer]) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The best merge of layers that may be wrong, with a finding for each thing that reclass-rs refuses in them."""
    layers, findings = tuple(layers), []
    for _ in range(_MOST):
        try:
            return merge_copies(environment, [plain(layer.parameters) for layer in layers]), findings
        except MergeFailed as error:
            repair = _repair(str(error), layers)
            findings += repair.findings
            if repair.layers is None:
                break
            layers = repair.layers
    return None, findings


def _repair(words: str, layers: tuple[Layer, ...]) -> _Repair:
    for pattern, repair in _REFUSALS:
        match = pattern.search(words)
        repaired = repair(match, layers) if match else None
        if repaired and repaired.findings:
            return repaired
    place = Place(layers[-1].file)
    return _Repair([_finding("merge", place, "", words, "", "", "fix what reclass-rs names")], None)


def _bad_reference(match: re.Match[str], layers: tuple[Layer, ...]) -> _Repair:
    """A reference to nothing, wherever it stands; its parts inside `${...}` are already values in the message."""
    return _refuse_reference(match["reference"], _why(match[0]), layers)


def _unresolved(match: re.Match[str], layers: tuple[Layer, ...]) -> _Repair:
    """A reference to nothing over a mapping or list: reclass-rs speaks of the merge, and not of what is wrong."""
    for origin in reversed(_origins(match["path"], layers)):
        reference = whole_reference(origin.node.value)
        if reference and not sources(origin) and not _exists(reference, layers):
            return _refuse_reference(reference.text, "there is no such key", layers)
    return _Repair([], None)


def _exists(reference: Reference, layers: tuple[Layer, ...]) -> bool:
    trace = Trace(layers, {})
    target = trace.target(reference)
    return target is not None and bool(trace.origins(target))


def _refuse_reference(text: str, why: str, layers: tuple[Layer, ...]) -> _Repair:
    near, allowed = _nearest_path(text, layers)
    fix = f"did you mean ${{{near}}}?" if near else "refer to a key that exists, or write the value"
    findings = []
    for at, path, node, reference in _occurrences(layers, lambda reference: reference.could_be(text)):
        message = f"{reference.text} refers to nothing: {why}"
        findings.append(_finding("bad-reference", node.place, format_path(path), message, reference.text, allowed, fix))
        # What is left to check has fewer follow-up problems with the value that was probably meant.
        meant = node.value.replace(reference.text, f"${{{near}}}") if near else None
        layers = with_value(layers, at, path, meant)
    return _Repair(findings, layers)


def _why(words: str) -> str:
    return re.sub(r"While looking up .*?: |lookup error .*?: ", "", words).replace("Value::", "").strip()


def _unreadable_reference(match: re.Match[str], layers: tuple[Layer, ...]) -> _Repair:
    text = match["text"]
    findings = []
    for at, layer in enumerate(layers):
        for path, node in walk(layer.parameters):
            if isinstance(node.value, str) and text in node.value and "}" not in node.value.partition(text)[2]:
                fix = "write ${a:b}, or \\${ for a literal ${"
                message = "this reference cannot be read"
                findings.append(_finding("bad-reference", node.place, format_path(path), message, text, "", fix))
                layers = with_value(layers, at, path, None)
    return _Repair(findings, layers)


def _reference_loop(match: re.Match[str], layers: tuple[Layer, ...]) -> _Repair:
    """The references that stand on one path of the loop, above or below it, and lead to one."""
    loop = [tuple(path.split(":")) for path in match["paths"].split('", "')]
    found = [
        (at, path, node, reference)
        for at, path, node, reference in _occurrences(layers, lambda reference: _leads_to(reference, loop))
        if any(all(one == other for one, other in zip(_bare(path), on_loop, strict=False)) for on_loop in loop)
    ]
    places = ", ".join(str(node.place) for _, _, node, _ in found)
    message = f"these references lead back to themselves: {places}"
    fix = "write a value in one of them"
    findings = []
    for at, path, node, reference in found:
        findings.append(_finding("reference-loop", node.place, format_path(path), message, reference.text, "", fix))
        layers = with_value(layers, at, path, None)
    return _Repair(findings, layers)


def _leads_to(reference: Reference, paths: list[KeyPath]) -> bool:
    return any(reference.could_be("${" + ":".join(map(str, path)) + "}") for path in paths)


def _change_of_kind(match: re.Match[str], layers: tuple[Layer, ...]) -> _Repair:
    clashes = (pair for pair in pairwise(_origins(match["path"], layers)) if _clash(*pair))
    first, last = next(clashes, (None, None))
    if first is None or last is None:
        return _Repair([], None)
    found, allowed = _kind(last), _kind(first)
    message = f"{found} here cannot be merged over {allowed} at {first.node.entry_place}"
    fix = f"write {allowed}, or ~{_key(last)}: to replace it"
    where = format_path(last.path)
    finding = _finding("change-of-kind", last.node.entry_place, where, message, found, allowed, fix)
    return _Repair([finding], _without(layers, _index(last.layer.file, layers), last.path))


def _clash(first: Origin, last: Origin) -> bool:
    """Whether reclass refuses to merge the two: null and ~ replace whatever there is."""
    kinds = _kind(first), _kind(last)
    return not last.replaces and "null" not in kinds and kinds[0] != kinds[1]


def _kind(origin: Origin) -> str:
    values = [node.value for node in sources(origin)] or [origin.node.value]
    return {dict: "a mapping", tuple: "a list", type(None): "null"}.get(type(values[-1]), "a single value")


def _key(origin: Origin) -> str:
    return next((part for part in reversed(origin.path) if isinstance(part, str)), "")


_REFUSALS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], tuple[Layer, ...]], _Repair]], ...] = (
    (
        re.compile(r"lookup error for reference '(?P<reference>.*)' in parameter '.*': key '.*' not found"),
        _bad_reference,
    ),
    (re.compile(r"While looking up key '.*' in reference '(?P<reference>.*)' for parameter '.*': .*"), _bad_reference),
    (re.compile(r"Error parsing reference '(?P<text>.*)'", re.DOTALL), _unreadable_reference),
    (re.compile(r"Detected reference loop with reference paths \[\"(?P<paths>.*)\"\]"), _reference_loop),
    (re.compile(r"In (?P<path>.*): Can't merge Value::ResolveError over"), _unresolved),
    (re.compile(r"In (?P<path>.*): Can't merge Value::"), _change_of_kind),
)


def _occurrences(
    layers: tuple[Layer, ...], wanted: Callable[[Reference], bool]
) -> Iterator[tuple[int, KeyPath, Node, Reference]]:
    for at, layer in enumerate(layers):
        for path, node in walk(layer.parameters):
            for outer in references(node.value) if isinstance(node.value, str) else ():
                yield from ((at, path, node, reference) for reference in nested(outer) if wanted(reference))


def _nearest_path(text: str, layers: tuple[Layer, ...]) -> tuple[str | None, str]:
    """The existing path nearest to that of a reference without others inside, and the keys that exist there."""
    trace, path = Trace(layers, {}), tuple(text.removeprefix("${").removesuffix("}").split(":"))
    near: list[str] = []
    for part in path:
        known = trace.keys(tuple(near))
        if part not in known:
            meant = nearest(part, known)
            return (":".join([*near, meant, *path[len(near) + 1 :]]) if meant else None), ", ".join(known)
        near.append(part)
    return None, ""


def _origins(text: str, layers: tuple[Layer, ...]) -> tuple[Origin, ...]:
    """The origins of the path that reclass-rs writes as `a.b`, with no quotes around a key that holds a dot."""
    trace = Trace(layers, {})
    paths = {_bare(path) for layer in layers for path, _ in walk(layer.parameters)}
    candidates = sorted((path for path in paths if ".".join(map(str, path)) == text), key=str)
    return next((found for path in candidates if (found := trace.origins(path))), ())


def _bare(path: KeyPath) -> KeyPath:
    """The path of the merged value that is written at `path`."""
    return tuple(part.removeprefix("~") if isinstance(part, str) else part for part in path)


def _index(file: str, layers: tuple[Layer, ...]) -> int:
    return next(at for at, layer in enumerate(layers) if layer.file == file)


def _without(layers: tuple[Layer, ...], at: int, path: KeyPath) -> tuple[Layer, ...]:
    layer = replace(layers[at], parameters=without(layers[at].parameters, path))
    return (*layers[:at], layer, *layers[at + 1 :])


def _finding(rule: str, place: Place, path: str, message: str, found: str, allowed: str, fix: str) -> Finding:
    return Finding("invalid", "schema", rule, place, path, message, found, allowed, fix)
