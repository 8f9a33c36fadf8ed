"""Policies as one expression for Google's CEL: for each of them whether it allows an object without any doubt.

It is `(all conditions) ? (all validations) : true`, with the policy's variables bound around it. Where that is true,
so says the API server: a condition that is false skips the policy whatever the others are, and where all hold, every
validation has to be true. Where it is anything else, each expression is evaluated by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from generators.cel.errors import InvalidExpression
from generators.cel.quick import quickly
from generators.cel.tokens import Token, solid, tokens
from generators.checks.policies.documents import Expression, Policy

Allows = Callable[[Any], list[bool] | None]  # of an activation: whether each of some policies allows it

VARIABLES = ("object", "oldObject", "request", "namespaceObject", "params")
_BOUND = "policy_variable_"
_MACROS = ("all", "exists", "exists_one", "map", "filter", "optMap", "optFlatMap")
# A macro whose own variable hides one of the policy's.
_FREE = re.compile(rf"\b(?:{'|'.join(_MACROS)})\(\s*(?:{'|'.join((*VARIABLES, 'variables'))})\s*,")


def quick(policies: Sequence[Policy]) -> Allows | None:
    """What says of an activation whether each of these policies allows it; None where Google's CEL cannot ask that.

    It says True only without doubt, and nothing at all where any of them has no value. A variable that several of them
    write alike is evaluated once.
    """
    bound: dict[str, str] = {}  # the name of each variable by its expression
    bodies = []
    for policy in policies:
        if policy.audit_annotations or not policy.validations or any(map(_FREE.search, _texts(policy))):
            return None
        bodies.append(_body(policy, bound))
    variables = _inlined([(name, text) for text, name in bound.items()], bodies)
    body = f"[{', '.join(bodies)}\n]"
    for name, text in reversed(variables):
        body = f"cel.bind({name}, ({text}\n), ({body}\n))"
    try:
        return quickly(body, VARIABLES)
    except InvalidExpression:
        return None


def _inlined(variables: list[tuple[str, str]], bodies: list[str]) -> list[tuple[str, str]]:
    """The variables that are used more than once; Google's CEL nests no more than 32 of them.

    Those that are used once stand where they are used, in `bodies` too.
    """
    kept: list[tuple[str, str]] = []
    texts = [*bodies, *(text for _, text in variables)]
    for place, (name, _) in reversed(list(enumerate(variables))):
        pattern = re.compile(rf"\b{name}\b")
        text = texts[len(bodies) + place]
        if sum(len(pattern.findall(each)) for each in texts) == 1:
            texts = [pattern.sub(lambda match, text=text: f"({text}\n)", each) for each in texts]
            texts[len(bodies) + place] = ""
        else:
            kept.insert(0, (name, text))
    bodies[:] = texts[: len(bodies)]
    numbers = {name: place for place, (name, _) in enumerate(variables)}
    return [(name, texts[len(bodies) + numbers[name]]) for name, _ in kept]


def _texts(policy: Policy) -> Iterator[str]:
    for each in (*policy.conditions, *policy.variables, *(validation.expression for validation in policy.validations)):
        yield each.text


def _body(policy: Policy, bound: dict[str, str]) -> str:
    """A policy by the names that its variables are bound to, which `bound` gets in the order that they need."""
    names: dict[str, str] = {}
    needed = _needed(policy)
    for variable in policy.variables:
        if variable.name in needed:
            text = _rewritten(variable.text, names)
            names[variable.name] = bound.setdefault(text, f"{_BOUND}{len(bound)}")
    validations = _all([each.expression for each in policy.validations], names)
    return f"({_all(policy.conditions, names)}) ? ({validations}) : true" if policy.conditions else validations


def _all(expressions: Sequence[Expression], names: Mapping[str, str]) -> str:
    return " && ".join(f"({_rewritten(each.text, names)}\n)" for each in expressions)


def _needed(policy: Policy) -> set[str]:
    """The variables that conditions and validations use."""
    wanted: set[str] = set()
    for each in (*policy.conditions, *(validation.expression for validation in policy.validations)):
        wanted |= _used(each.text)
    for variable in reversed(policy.variables):
        if variable.name in wanted:
            wanted |= _used(variable.text)
    return wanted


@cache
def _used(text: str) -> frozenset[str]:
    found = tokens(text)
    return frozenset(found[name].text for _, _, name in _references(found))


def _references(found: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """The places of the three tokens of each `variables.name`."""
    places = list(solid(found))
    for before, first, dot, name in zip([None, *places], places, places[1:], places[2:], strict=False):
        alone = before is None or found[before].text != "."
        if alone and [found[each].text for each in (first, dot)] == ["variables", "."] and found[name].kind == "name":
            yield first, dot, name


def _rewritten(text: str, names: Mapping[str, str]) -> str:
    """An expression with each `variables.name` as the name that it is bound to."""
    found = [Token("space", " ") if token.kind == "comment" else token for token in tokens(text)]
    for first, dot, name in _references(found):
        found[first] = Token("name", names.get(found[name].text, f"{_BOUND}missing"))
        found[dot] = found[name] = Token("space", "")
    return "".join(token.text for token in found)
