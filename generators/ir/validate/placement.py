"""The forms of what a PlatformSpec says in JSON of where a pod may run, as core/v1 of Kubernetes has them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from generators.inventory.paths import KeyPath, format_path
from generators.ir.validate.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT, _WHOLE = {"type": "string"}, {"type": "integer"}
_AFFINITY = "DuringSchedulingIgnoredDuringExecution"


def _mapping(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_OPERATOR = {"enum": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]}
_EXPRESSION = _mapping("key", "operator", key=_TEXT, operator=_OPERATOR, values=_list(_TEXT))
_TERM = _mapping(matchExpressions=_list(_EXPRESSION), matchFields=_list(_EXPRESSION))
_PREFERRED = _mapping("weight", "preference", weight={**_WHOLE, "minimum": 1, "maximum": 100}, preference=_TERM)
_TOLERATION = _mapping(
    key=_TEXT,
    operator={"enum": ["Exists", "Equal", "Lt", "Gt"]},
    value=_TEXT,
    effect={"enum": ["", "NoSchedule", "PreferNoSchedule", "NoExecute"]},
    tolerationSeconds=_WHOLE,
)
_SCHEMAS: dict[str, dict[str, Any]] = {
    "nodeSelectorJson": {"type": "object", "additionalProperties": _TEXT},
    "tolerationJson": {"if": {"type": "array"}, "then": _list(_TOLERATION), "else": _TOLERATION},
    "nodeAffinityJson": _mapping(
        **{
            f"required{_AFFINITY}": _mapping("nodeSelectorTerms", nodeSelectorTerms=_list(_TERM)),
            f"preferred{_AFFINITY}": _list(_PREFERRED),
        }
    ),
}


def problems(field: str, value: Any, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with the value of a field such as `tolerationJson`; `path` is where it stands."""
    for each in _validator(field)(value):
        inside = format_path(each.path)
        message = f"is not what a {field.removesuffix('Json')} is: {each.message}{f', at {inside}' if inside else ''}"
        yield Problem("value", path, message, each.found, each.allowed, each.fix)


@cache
def _validator(field: str) -> Callable[[Any], list[Any]]:
    from generators.inventory.schema import validator  # few pipelines say any of this

    return validator(_SCHEMAS[field])
