"""Repair a broken document just enough to go on checking the rest of it, so that one pass finds everything.

What it returns is never rendered: it only lets the checks that need a whole environment say what they have to say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from generators.inventory.schema import Problem

_ROUNDS = 5  # repairing one thing may uncover another below it


def repaired(document: dict[str, Any], problems_of: Callable[[Any], list[Problem]]) -> dict[str, Any] | None:
    """A copy that passes its schema, with examples in place of what was wrong or missing; None if it cannot be."""
    document = copy.deepcopy(document)
    for _ in range(_ROUNDS):
        problems = problems_of(document)
        if not problems:
            return document
        for problem in problems:
            _repair(document, problem)
    return None


def _repair(document: dict[str, Any], problem: Problem) -> None:
    add = problem.missing and problem.replacement is not None  # what lacks a key that nothing can stand for is left out
    *way, last = (*problem.path, problem.missing) if add else problem.path or ("",)
    for part in way:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return  # an earlier problem took it away
    if isinstance(document, list) and (not isinstance(last, int) or last >= len(document)):
        return
    if problem.replacement is not None and isinstance(document, dict | list):
        document[last] = problem.replacement
    elif last in document if isinstance(document, dict) else isinstance(document, list):
        del document[last]
