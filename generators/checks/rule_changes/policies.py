"""Where a ValidatingAdmissionPolicy admits what another version of it denied, as far as its fields tell.

Which of two CEL expressions denies more is not known from their text: that is for examples to show.
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generators.checks.rule_changes.model import Loosened
from generators.inventory.problem import shown

_SPEC = ("spec",)
_LISTS = ("operations", "apiGroups", "apiVersions", "resources", "resourceNames")
_SELECTORS = ("namespaceSelector", "objectSelector")
_NO_RULE = {"auditAnnotations"}  # it says something, and refuses nothing
_KNOWN = {"failurePolicy", "matchConditions", "matchConstraints", "validations", "variables", *_NO_RULE}
Spec = Mapping[str, Any]


def loosened(old: Any, new: Any) -> Iterator[Loosened]:
    """Every place where a policy admits more than it did, or may; paths lead into the new one."""
    if not (isinstance(new, dict) and isinstance(new.get("spec"), dict) and new.get("kind") == old.get("kind")):
        yield Loosened((), "it is not a policy any longer")
        return
    before, after = old["spec"], new["spec"]
    if after.get("failurePolicy", "Fail") == "Ignore" != before.get("failurePolicy", "Fail"):
        yield Loosened((*_SPEC, "failurePolicy"), "what cannot be judged is admitted: failurePolicy is Ignore")
    yield from _conditions(before, after)
    yield from _constraints(before.get("matchConstraints") or {}, after.get("matchConstraints") or {})
    yield from _validations(before, after)
    for key in dict.fromkeys((*before, *after)):
        if key not in _KNOWN and before.get(key) != after.get(key):
            yield Loosened((*_SPEC, key), f"{key} is another", False)


def _conditions(old: Spec, new: Spec) -> Iterator[Loosened]:
    """Match conditions must all hold, so that one more of them leaves something out."""
    before = [each.get("expression") for each in old.get("matchConditions") or ()]
    for position, each in enumerate(new.get("matchConditions") or ()):
        if each.get("expression") not in before:
            path = (*_SPEC, "matchConditions", position)
            more = len(new["matchConditions"]) > len(before)
            yield Loosened(path, f"matchConditions leave out more: {shown(each.get('expression'))}", more)


def _constraints(old: Spec, new: Spec) -> Iterator[Loosened]:
    path = (*_SPEC, "matchConstraints")
    if new.get("matchPolicy", "Equivalent") == "Exact" != old.get("matchPolicy", "Equivalent"):
        yield Loosened((*path, "matchPolicy"), "other versions of what it matches are left out: matchPolicy is Exact")
    for key in _SELECTORS:
        if _asked(new.get(key)) - _asked(old.get(key)):
            yield Loosened((*path, key), f"{key} leaves out what it does not select")
    rules = new.get("resourceRules") or ()
    for rule in old.get("resourceRules") or ():
        if not any(_covers(each, rule) for each in rules):
            yield Loosened((*path, "resourceRules"), f"no rule matches all of {_named(rule)} any longer")
    before = old.get("excludeResourceRules") or ()
    for position, rule in enumerate(new.get("excludeResourceRules") or ()):
        if not any(_covers(each, rule) for each in before):
            yield Loosened((*path, "excludeResourceRules", position), f"{_named(rule)} is left out")


def _asked(selector: Any) -> set[str]:
    """What a selector asks of labels, all of which must hold."""
    said = selector or {}
    every = (*(said.get("matchLabels") or {}).items(), *(said.get("matchExpressions") or ()))
    return {json.dumps(each, sort_keys=True) for each in every}


def _covers(rule: Spec, other: Spec) -> bool:
    """Whether a rule matches every request that another one does."""
    scopes = rule.get("scope") or "*", other.get("scope") or "*"
    return scopes[0] in ("*", scopes[1]) and all(_holds(key, rule.get(key), other.get(key)) for key in _LISTS)


def _holds(key: str, values: Any, others: Any) -> bool:
    """Whether a list of a rule has all of another's; `*` is any, and so are no names of resources at all."""
    if key == "resourceNames" and not values:
        return True
    values, others = values or (), others or ()
    every = "*/*" in values or ("*" in values and not any("/" in each for each in others))  # `*` is no subresource
    return every or (bool(others) and set(others) <= set(values))


def _named(rule: Spec) -> str:
    parts = (", ".join(rule.get(key) or ("*",)) for key in ("operations", "resources"))
    return " of ".join(parts)


def _validations(old: Spec, new: Spec) -> Iterator[Loosened]:
    """Validations by their expressions: fewer of them, or one that is always true, deny less."""
    before, after = ([each.get("expression") for each in spec.get("validations") or ()] for spec in (old, new))
    path = (*_SPEC, "validations")
    gone = [each for each in before if each not in after]
    always = [position for position, each in enumerate(after) if str(each).strip() == "true" and each not in before]
    for position in always:
        yield Loosened((*path, position), "denies nothing: its expression is true")
    if len(after) < len(before):
        yield Loosened(path, f"{len(before) - len(after)} of {len(before)} validations are gone")
    elif gone and not always:
        position = next(at for at, each in enumerate(after) if each not in before) if set(after) - set(before) else 0
        yield Loosened((*path, position, "expression"), f"was {shown(gone[0])}", False)
    if old.get("variables") != new.get("variables"):
        yield Loosened((*_SPEC, "variables"), "variables, which its expressions go by, are others", False)
