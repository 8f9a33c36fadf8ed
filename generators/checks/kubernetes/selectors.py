"""Label selectors: their form, and whether labels match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generators.checks.forms import LABEL_VALUE
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem


def selector(value: Mapping[str, Any], path: KeyPath) -> Iterator[Problem]:
    """The problems of a label selector's expressions."""
    for at, each in enumerate(value.get("matchExpressions") or ()):
        where, values = (*path, "matchExpressions", at, "values"), each.get("values") or []
        if each["operator"] in ("Gt", "Lt"):  # of nodes
            if len(values) != 1 or not str(values[0]).lstrip("-").isdigit():
                yield Problem(where, "selector", f"{each['operator']} takes one whole number", fix="write one")
            continue
        if each["operator"] in ("In", "NotIn"):
            if not values:
                yield Problem(where, "selector", f"{each['operator']} needs values", fix="list at least one")
        elif values:
            yield Problem(where, "selector", f"{each['operator']} takes no values", fix="remove them")
        for position, label in enumerate(values):
            if isinstance(label, str) and not re.fullmatch(LABEL_VALUE["pattern"], label):
                yield Problem((*where, position), "selector", "is no label's value", label, LABEL_VALUE["description"])


def matches(value: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a selector selects what has these labels."""
    if any(labels.get(key) != wanted for key, wanted in (value.get("matchLabels") or {}).items()):
        return False
    return all(_matches(each, labels) for each in value.get("matchExpressions") or ())


def _matches(each: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    has, listed = each["key"] in labels, labels.get(each["key"]) in (each.get("values") or ())
    return {"In": listed, "NotIn": not listed, "Exists": has, "DoesNotExist": not has}[each["operator"]]
