"""Whether an object keeps the rules in CEL of its definition, `x-kubernetes-validations`.

The object has its defaults already. A rule about a change, with `oldSelf`, is not asked: no older object is known.
https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from generators.checks.definitions.parts import Part
from generators.checks.needed import narrowed
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown

if TYPE_CHECKING:
    from generators.cel.environment import Program

UNCHECKED = "rule-unchecked"  # the rule of a problem that says that a rule could not be asked
_RELEASE = "1.36"  # a rule that is stored already is compiled with all that the server knows
_OLD = re.compile(r"\boldSelf\b")


def broken(value: Any, part: Part | None, path: KeyPath = ()) -> Iterator[Problem]:
    """A problem for every rule that does not hold at or below a value."""
    if part is None or not part.has_rules:
        return
    for rule in part.rules:
        if not _OLD.search(rule["rule"]):
            yield from _of_rule(rule, value, part, path)
    if isinstance(value, dict):
        for name, item in value.items():
            yield from broken(item, part.properties.get(name, part.values), (*path, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from broken(item, part.items, (*path, at))


def escaped(value: Any, part: Part | None) -> Any:
    """A value with its fields as CEL can name them: `x-y` is `x__dash__y`, `namespace` is `__namespace__`."""
    if part is None:
        return value
    if isinstance(value, dict):
        return {
            part.escaped.get(name, name): escaped(item, part.properties.get(name, part.values))
            for name, item in value.items()
        }
    return [escaped(item, part.items) for item in value] if isinstance(value, list) else value


def _of_rule(rule: Mapping[str, Any], value: Any, part: Part, path: KeyPath) -> Iterator[Problem]:
    text = rule["rule"].strip()
    holds, why = _outcome(text, json.dumps(narrowed(text, value, part, escaped), sort_keys=True))
    if holds:
        return
    if holds is None:
        message = f"the rule {shown(text)} cannot be asked: {why}"
        yield Problem(path, UNCHECKED, message, fix="correct the definition")
        return
    message = ": ".join(filter(None, (_message(rule, escaped(value, part)), why)))
    yield Problem((*path, *_field(rule)), "rule", message, shown(value), f"what keeps the rule {shown(text)}")


@lru_cache(maxsize=1 << 14)
def _outcome(expression: str, value: str) -> tuple[bool | None, str]:
    """Whether a rule holds for a value, in JSON, and why it has no answer; None where it is no rule."""
    from generators.cel.errors import EvaluationError, InvalidExpression  # CEL costs time to import

    try:
        return _program(expression).evaluate({"self": json.loads(value)}) is True, ""
    except InvalidExpression as error:
        return None, error.message
    except EvaluationError as error:
        return False, error.message


def _message(rule: Mapping[str, Any], named: Any) -> str:
    """The message of the definition, which may itself be an expression."""
    from generators.cel.errors import EvaluationError, InvalidExpression

    if expression := rule.get("messageExpression"):
        try:
            said = _program(expression.strip()).evaluate({"self": named})
        except (EvaluationError, InvalidExpression):
            said = ""
        if isinstance(said, str) and said.strip() and "\n" not in said:
            return said
    return rule.get("message") or f"failed rule: {rule['rule'].strip()}"


def _field(rule: Mapping[str, Any]) -> list[str]:
    """The field below that a rule is about: `.spec.name` or `['name']`."""
    return [first or second for first, second in re.findall(r"\.(\w+)|\['([^']+)'\]", rule.get("fieldPath", ""))]


@cache
def _program(expression: str) -> Program:
    from generators.cel.environment import environment

    return environment(_RELEASE, {"self": "dyn"}).compile(expression)
