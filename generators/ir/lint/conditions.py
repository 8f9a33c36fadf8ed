"""Whether a condition compares what can be compared, by CEL's own type checker.

KFP's driver finds a comparison of a string with a number only when the run is there, and fails it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from generators.inventory.paths import KeyPath
from generators.ir.validate.scope import Scope
from generators.ir.validate.text import ASKED
from generators.ir.validate.values import origin
from generators.ir.view import Component, Source, Task
from generators.ir.view.tree import PARAMETERS

if TYPE_CHECKING:
    from cel_expr_python import cel

# A parameter type to the variables that stand for it; a number is a double to KFP, and an integer to a person.
_VARIABLES = {
    "STRING": ("text",),
    "NUMBER_INTEGER": ("whole", "real"),
    "NUMBER_DOUBLE": ("whole", "real"),
    "BOOLEAN": ("truth",),
    "LIST": ("many",),
    "STRUCT": ("mapping",),
}
_WORDS = {"int": "an integer", "double": "a number", "string": "a string", "bool": "true or false"}
_OVERLOAD = re.compile(r"applied to '\((?P<left>[\w.]+)[^,]*, (?P<right>[\w.]+)")


def check(scope: Scope) -> None:
    """Add a problem for every condition that is neither true nor false in any run."""
    for path, component in scope.components:
        for at, task in scope.tasks(component, path):
            if task.condition:
                _condition(scope, component, task, (*at, "triggerPolicy", "condition"))


def _condition(scope: Scope, around: Component, task: Task, at: KeyPath) -> None:
    if reason := _mismatch(task.condition, _kinds(scope, around, task)):
        scope.add("condition", at, reason, task.condition, fix="compare values of one type")


def _kinds(scope: Scope, around: Component, task: Task) -> dict[str, str]:
    """The types of the inputs of a task, "" where one is not known."""
    return {
        name: origin(scope, around, Source.of(tree), PARAMETERS) if not Source.of(tree).selector else ""
        for name, tree in task.inputs(PARAMETERS).items()
    }


def _mismatch(condition: str, kinds: dict[str, str]) -> str:
    """Why a condition is of no use whatever its inputs are, "" where it may be."""
    reason = ""
    for choice in range(2):
        reason = _refused(ASKED.sub(lambda match: _variable(kinds.get(match["input"], ""), choice), condition))  # noqa: B023
        if not reason:
            return ""
    if match := _OVERLOAD.search(reason):
        left, right = (_WORDS.get(match[side], match[side]) for side in ("left", "right"))
        return f"it compares {left} with {right}, which is neither true nor false"
    return f"it is neither true nor false: {reason}"


def _variable(kind: str, choice: int) -> str:
    names = _VARIABLES.get(kind, ("anything",))
    return names[min(choice, len(names) - 1)]


@cache
def _refused(expression: str) -> str:
    """What CEL's type checker says of an expression over the variables, "" where it takes it as true or false."""
    from cel_expr_python import cel

    try:
        kind = _environment().compile(expression).return_type()
    except RuntimeError as error:
        return str(error).removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
    return "" if kind in (cel.Type.BOOL, cel.Type.DYN) else f"it is {_WORDS.get(kind.name(), kind.name())}"


@cache
def _environment() -> cel.Env:
    from cel_expr_python import cel

    of = cel.Type
    return cel.NewEnv(
        variables={
            "text": of.STRING,
            "whole": of.INT,
            "real": of.DOUBLE,
            "truth": of.BOOL,
            "many": of.List(of.DYN),
            "mapping": of.Map(of.STRING, of.DYN),
            "anything": of.DYN,
        }
    )
