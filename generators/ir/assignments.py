"""`--set KEY=VALUE`: what a person gives a run, read by the types that the pipeline declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generators.errors import GraftError
from generators.ir.values import kind_of, parse

FIX = "write lists and mappings as JSON"


def read(assignments: Iterable[str], declared: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The values by name, and what is wrong with the assignments; `declared` is name to KFP's ParameterSpec."""
    values, wrong = {}, []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not name or not equals:
            wrong.append(f"{assignment!r} is not KEY=VALUE, for example --set epochs=5")
            continue
        try:
            values[name] = parse(kind_of(declared.get(name, {})), text)
        except GraftError as error:
            wrong.append(f"{name}: {error.message}")
    return values, wrong


def refuse(wrong: Iterable[str]) -> None:
    """Raise GraftError where there is anything wrong."""
    if words := "; ".join(f"--set {problem}" for problem in wrong):
        raise GraftError(words, FIX)
