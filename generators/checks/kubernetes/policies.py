"""What an API server refuses of a ValidatingAdmissionPolicy: expressions that do not compile, rules about nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]
_EVERYTHING = {
    "apiGroups": "*",
    "apiVersions": "*",
    "operations": "*",
    "resources": "*/*",
}  # beside which nothing stands


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
    yield from _rules(spec.get("matchConstraints") or {}, (*path, "spec", "matchConstraints"))
    (read,) = policies([obj])
    for each in compiled(read).problems:
        rule = "rule-unchecked" if each.unchecked else "expression"
        yield Problem((*path, *_parts(each.expression.path)), rule, each.message, each.expression.text)


def policy_binding(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Its params, which it names or selects, and the rules of what it is about."""
    spec = obj["spec"]
    reference = spec.get("paramRef")
    if reference is not None and bool(reference.get("name")) == (reference.get("selector") is not None):
        where = (*path, "spec", "paramRef")
        yield Problem(where, "params", "params are named or selected, and not both", fix="give it a name or a selector")
    yield from _rules(spec.get("matchResources") or {}, (*path, "spec", "matchResources"))


def _rules(match: Object, path: KeyPath) -> Iterator[Problem]:
    """Lists of a rule in which an entry for everything stands beside another."""
    for key in ("resourceRules", "excludeResourceRules"):
        for at, rule in enumerate(match.get(key) or ()):
            for field, everything in (
                ("apiGroups", "*"),
                ("apiVersions", "*"),
                ("operations", "*"),
                ("resources", "*/*"),
            ):
                entries = rule.get(field) or ()
                if everything in entries and len(entries) > 1:
                    message = f"{everything} stands for all, so nothing may stand beside it"
                    yield Problem((*path, key, at, field), "everything", message, fix="keep one of the two")


def _parts(path: str) -> KeyPath:
    """`spec.validations[0].expression` as keys."""
    found = re.findall(r"\[(\d+)\]|(\w+)", path)
    return tuple(int(number) if number else name for number, name in found)
