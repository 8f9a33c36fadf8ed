"""`--set KEY=VALUE`: what a person gives a run, read by the types that the pipeline declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generators.errors import GraftError
from generators.ir.values import WORDS, kind_of, parse
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

OPTION = "--set"
_JSON = {"LIST": "write it as JSON, such as [1, 2]", "STRUCT": 'write it as JSON, such as {"a": 1}'}


def read(assignments: Iterable[str], declared: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[Finding]]:
    """The values by name, and what is wrong with the assignments; `declared` is name to KFP's ParameterSpec."""
    values: dict[str, Any] = {}
    wrong = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not name or not equals:
            wrong.append(problem("assignment", "", "is not KEY=VALUE", assignment, fix="for example --set epochs=5"))
        elif name not in declared:
            allowed, fix = ", ".join(sorted(declared)) or "none", did_you_mean(name, declared)
            wrong.append(problem("unknown-parameter", name, "unknown parameter", name, allowed, fix))
        elif name in values:
            wrong.append(problem("assignment", name, "is given twice", assignment, fix="keep one of them"))
        else:
            kind = kind_of(declared[name])
            try:
                values[name] = parse(kind, text)
            except GraftError as error:
                fix = _JSON.get(kind, error.fix) or f"give {WORDS[kind]}: {OPTION} {name}=..."
                wrong.append(problem("parameter-type", name, error.message, text, WORDS.get(kind, ""), fix))
    return values, wrong


def problem(rule: str, name: str, message: str, found: str = "", allowed: str = "", fix: str = "") -> Finding:
    """The finding of what is wrong with a parameter on the command line."""
    return Finding("invalid", "use", rule, Place(OPTION, 0, 0), name, message, found, allowed, fix)
