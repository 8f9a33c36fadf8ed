"""Refuses a reference inside a longer text to something that is neither text nor a number.

reclass-rs writes such a value as it comes: `x${b}` becomes `xTrue`, `xnull`, or `x{"c":1.0}` where `c` was 1, with
references inside left as they stand. No reader of the file would expect that.
"""

from __future__ import annotations

from generators.inventory.layers import Layer, with_value
from generators.inventory.origin import sources
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Node, walk
from generators.inventory.references import Reference, nested, references, whole_reference
from generators.inventory.trace import Trace
from generators.model import Finding

_KINDS = {dict: "a mapping", tuple: "a list", bool: "true or false", type(None): "null"}


def without_bad_interpolations(layers: tuple[Layer, ...]) -> tuple[tuple[Layer, ...], list[Finding]]:
    """The layers with null for each text whose references do not fit into one, and the findings about those."""
    trace, findings = Trace(layers, {}), []
    for at, layer in enumerate(layers):
        for path, node in walk(layer.parameters):
            found = [_bad_interpolation(reference, path, node, trace) for reference in _inside(node)]
            refused = [finding for finding in found if finding]
            if refused:
                findings += refused
                layers = with_value(layers, at, path, None)
    return layers, findings


def _inside(node: Node) -> list[Reference]:
    """The references of a text that become part of a text: all, but for one that is the whole value itself."""
    if not isinstance(node.value, str) or "${" not in node.value:
        return []
    whole = whole_reference(node.value)
    return [inner for outer in references(node.value) for inner in nested(outer) if inner != whole]


def _bad_interpolation(reference: Reference, path: KeyPath, node: Node, trace: Trace) -> Finding | None:
    target = trace.target(reference)
    used = [found for origin in trace.origins(target) if origin.used for found in sources(origin)] if target else []
    kind = _KINDS.get(type(used[-1].value)) if used else None
    if kind is None:
        return None
    message = f"{reference.text} is {kind}, set at {used[-1].entry_place}, and cannot become part of a text"
    fix = "refer to a text or number, or let the reference be the whole value"
    where = format_path(path)
    rule, allowed = "reference-in-text", "a text or number"
    return Finding("invalid", "schema", rule, node.place, where, message, reference.text, allowed, fix)
