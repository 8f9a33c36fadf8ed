"""The whole of a policy as one expression for Google's CEL, true of what the policy allows without any doubt.

It is `(all conditions) ? (all validations) : true`, with the policy's variables bound around it. Where that is true,
so says the API server: a condition that is false skips the policy whatever the others are, and where all hold, every
validation has to be true. Where it is anything else, each expression is evaluated by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from generators.cel.environment import quickly
from generators.cel.errors import InvalidExpression
from generators.checks.policies.documents import Expression, Policy

Allows = Callable[[Any], bool]  # of an activation

VARIABLES = ("object", "oldObject", "request", "namespaceObject", "params")
_BOUND = "policy_variable_"
_TOKEN = re.compile(
    r"""(?P<text>[rRbB]{0,2}(?:'{3}.*?(?<!\\)'{3}|"{3}.*?(?<!\\)"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))"""
    r"""|(?P<comment>//[^\n]*)|(?P<name>[A-Za-z_]\w*)|(?P<space>\s+)|(?P<other>.)""",
    re.DOTALL,
)
_RAW = re.compile(r"\b[bB]?[rR][bB]?['\"]")  # in which a backslash ends no quote
_FREE = re.compile(
    r"\b(?:all|exists|exists_one|map|filter|optMap|optFlatMap)\(\s*(?:object|oldObject|params|request|namespaceObject|variables)\s*,"
)


def quick(policy: Policy) -> Allows | None:
    """What says of an activation whether the policy allows it without doubt; None where Google's CEL cannot say."""
    validations = [each.expression for each in policy.validations]
    texts = [each.text for each in (*policy.conditions, *validations, *policy.variables)]
    if policy.audit_annotations or not validations or any(_RAW.search(text) or _FREE.search(text) for text in texts):
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
    tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(text) if match.lastgroup != "comment"]
    solid = [place for place, (kind, _) in enumerate(tokens) if kind != "space"]
    for before, first, dot, name in zip([None, *solid], solid, solid[1:], solid[2:], strict=False):
        alone = before is None or tokens[before][1] != "."
        if alone and tokens[first] == ("name", "variables") and tokens[dot][1] == "." and tokens[name][0] == "name":
            tokens[first], tokens[dot] = ("name", _BOUND + tokens[name][1]), ("space", "")
            tokens[name] = ("space", "")
    return "".join(text for _, text in tokens)
