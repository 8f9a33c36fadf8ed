"""Whether the values that a run is given fit the parameters that its pipeline declares."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from generators.errors import GraftError
from generators.ir.values import WORDS, conform, kind_of, shown

# rule, path, message, and of found, allowed and fix what there is
Problem = tuple[str, str, str, dict[str, str]]


def problems(root: Mapping[str, Any], parameters: Mapping[str, Any]) -> Iterator[Problem]:
    """Every misfit of `parameters` with the root component of a PipelineSpec: unknown, missing, of another type."""
    declared = root.get("inputDefinitions", {}).get("parameters", {})
    allowed = ", ".join(sorted(declared)) or "none"
    for name in sorted(parameters.keys() - declared.keys()):
        near = difflib.get_close_matches(name, declared, 1)
        more = {"found": name, "allowed": allowed, "fix": f"did you mean {near[0]}?" if near else ""}
        yield "unknown-parameter", f"parameters.{name}", "unknown parameter", more
    for name, spec in declared.items():
        value = spec.get("defaultValue") if parameters.get(name) is None else parameters[name]
        if value is not None:
            yield from _value(f"parameters.{name}", spec, value)
        elif not spec.get("isOptional"):
            fix = f"give it {WORDS.get(kind_of(spec), 'a value')}"
            yield "missing-parameter", f"parameters.{name}", "a parameter without a default has no value", {"fix": fix}


def _value(path: str, spec: Mapping[str, Any], value: Any) -> Iterator[Problem]:
    kind = kind_of(spec)
    try:
        value = conform(kind, value)
    except GraftError:
        yield "parameter-type", path, "wrong type", {"found": shown(value), "allowed": WORDS[kind]}
        return
    literals = [conform(kind, item) for item in spec.get("literals", [])]
    if literals and value not in literals:
        yield "parameter-value", path, "not an allowed value", {"found": shown(value), "allowed": shown(literals)}
