"""What an API server refuses of a ValidatingAdmissionPolicy: expressions that do not compile, rules about nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.schema import Problem

Object = dict[str, Any]


def policy(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Its rules, what it says, and each of its expressions."""
    from generators.checks.policies import policies  # CEL costs time to import
    from generators.checks.policies.compiled import compiled

    spec = obj["spec"]
    if not (spec.get("matchConstraints") or {}).get("resourceRules"):
        where = (*path, "spec", "matchConstraints")
        yield Problem(where, "missing-key", "a policy says which resources it is about", fix="add resourceRules")
    if not spec.get("validations") and not spec.get("auditAnnotations"):
        message = "a policy validates something, or annotates what it sees"
        yield Problem((*path, "spec"), "missing-key", message, fix="add validations")
    (read,) = policies([obj])
    for each in compiled(read).problems:
        rule = "rule-unchecked" if each.unchecked else "expression"
        yield Problem((*path, *_parts(each.expression.path)), rule, each.message, each.expression.text)


def _parts(path: str) -> KeyPath:
    """`spec.validations[0].expression` as keys."""
    found = re.findall(r"\[(\d+)\]|(\w+)", path)
    return tuple(int(number) if number else name for number, name in found)
