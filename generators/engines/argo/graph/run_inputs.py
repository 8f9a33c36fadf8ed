"""What a run may be given, and the template that hands it to the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.engines.argo.task.inputs import inputs
from generators.engines.argo.text.expressions import ABSENT, encoded, from_raw, hidden, literal, member, tag
from generators.engines.argo.text.names import parameter
from generators.ir.view import Component, Declared

ENTRYPOINT = "main"
ROOT = "pipeline"
_JSON_STRING = r'^"([^"\\\x00-\x1f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"$'


def arguments(root: Component) -> dict[str, Any]:
    """What a run may be given; a parameter without a value must be given when it starts."""
    found = [
        _argument(declared, entry)
        for declared, entry in zip(_parameters(root), inputs(root).get("parameters", []), strict=False)
    ]
    return {"parameters": found} if found else {}


def entry(root: Component) -> dict[str, Any]:
    """The entry: hands the run's parameters to the pipeline as they travel inside it."""
    found = [{"name": parameter(each.name), "value": tag(_handed(each))} for each in _parameters(root)]
    task = {"name": ROOT, "template": ROOT} | ({"arguments": {"parameters": found}} if found else {})
    return {"name": ENTRYPOINT, "dag": {"tasks": [task]}}


def _parameters(root: Component) -> Iterator[Declared]:
    return (declared for declared in root.all_inputs if not declared.is_artifact)


def _argument(declared: Declared, entry: dict[str, Any]) -> dict[str, Any]:
    found = {"name": entry["name"]} | ({"value": entry["default"]} if "default" in entry else {})
    if declared.literals:
        found["enum"] = _allowed(declared)
    return found | ({"description": declared.description} if declared.description else {})


def _allowed(declared: Declared) -> list[str]:
    """The values that a run may give a parameter: a string as it is, or as JSON."""
    plain = [value for value in declared.literals if isinstance(value, str)]
    return [*plain, *(encoded(value, declared.kind) for value in declared.literals)]


def _handed(declared: Declared) -> str:
    """What a run was given. A person may write a string as it is; a JSON string is read as one."""
    given = member("workflow.parameters", parameter(declared.name))
    if declared.kind in ("STRING", ""):
        ready = hidden(f"({given} matches {literal(_JSON_STRING)} ? {given} : toJSON({given}))")
    else:
        ready = from_raw(given, declared.kind, f"the parameter {declared.name}")
    return f"({given} == {ABSENT} ? {ABSENT} : {ready})" if declared.may_be_absent else ready
