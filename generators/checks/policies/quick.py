"""The whole of a policy as one expression for Google's CEL, true of what the policy allows without any doubt.

It is `(all conditions) ? (all validations) : true`, with the policy's variables bound around it. Where that is true,
so says the API server: a condition that is false skips the policy whatever the others are, and where all hold, every
validation has to be true. Where it is anything else, each expression is evaluated by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from generators.cel.errors import InvalidExpression
from generators.cel.quick import quickly
from generators.cel.tokens import Token, solid, tokens
from generators.checks.policies.documents import Expression, Policy

Allows = Callable[[Any], bool]  # of an activation

VARIABLES = ("object", "oldObject", "request", "namespaceObject", "params")
_BOUND = "policy_variable_"
_FREE = re.compile(
    r"\b(?:all|exists|exists_one|map|filter|optMap|optFlatMap)\(\s*(?:object|oldObject|params|request|namespaceObject|variables)\s*,"
)


def quick(policy: Policy) -> Allows | None:
    """What says of an activation whether the policy allows it without doubt; None where Google's CEL cannot say."""
    validations = [each.expression for each in policy.validations]
    texts = [each.text for each in (*policy.conditions, *validations, *policy.variables)]
    if policy.audit_annotations or not validations or any(map(_FREE.search, texts)):
        return None
    body = _all(validations)
    if policy.conditions:
        body = f"({_all(policy.conditions)}) ? ({body}) : true"
    for variable in reversed(list(_needed(policy))):
        body = f"cel.bind({_BOUND}{variable.name}, ({_rewritten(variable.text)}\n), ({body}\n))"
    try:
        return quickly(body, VARIABLES)
    except InvalidExpression:
        return None


def _all(expressions: tuple[Expression, ...] | list[Expression]) -> str:
    return " && ".join(f"({_rewritten(each.text)}\n)" for each in expressions)


def _needed(policy: Policy) -> Iterator[Expression]:
    """The variables that conditions and validations use, in their order."""
    wanted: set[str] = set()
    for each in (*policy.conditions, *(validation.expression for validation in policy.validations)):
        wanted |= _used(each.text)
    for variable in reversed(policy.variables):
        if variable.name in wanted:
            wanted |= _used(variable.text)
    return (variable for variable in policy.variables if variable.name in wanted)


def _used(text: str) -> set[str]:
    return set(re.findall(rf"\b{_BOUND}(\w+)", _rewritten(text)))


def _rewritten(text: str) -> str:
    """An expression with each `variables.name` as the name that it is bound to."""
    found = tokens(text)
    places = list(solid(found))
    for before, first, dot, name in zip([None, *places], places, places[1:], places[2:], strict=False):
        alone = before is None or found[before].text != "."
        if alone and [found[each].text for each in (first, dot)] == ["variables", "."] and found[name].kind == "name":
            found[first] = Token("name", _BOUND + found[name].text)
            found[dot] = found[name] = Token("space", "")
    return "".join(token.text for token in found)
