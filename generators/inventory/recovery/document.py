"""Repair a broken document just enough to go on checking the rest of it, so that one pass finds everything.

What it returns is never rendered: it only lets the checks that need a whole environment say what they have to say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.schema import Problem

_ROUNDS = 5  # repairing one thing may uncover another below it


def repaired(
    document: dict[str, Any], problems_of: Callable[[Any], list[Problem]]
) -> tuple[dict[str, Any] | None, tuple[KeyPath, ...]]:
    """A copy that passes its schema, with examples in place of what was wrong or missing; None if it cannot be.

    The paths are those of what was put in or left out: what is said of them later is about a guess.
    """
    document, guesses = copy.deepcopy(document), []
    for _ in range(_ROUNDS):
        problems = problems_of(document)
        if not problems:
            return document, tuple(guesses)
        for problem in problems:
            _repair(document, problem)
            guesses.append((*problem.path, problem.missing) if problem.missing else problem.path)
            guesses += problem.against  # what a key that is unknown was meant for
    return None, ()


def follows_from(problem: Problem, guesses: Iterable[KeyPath]) -> bool:
    """Whether a problem follows from what was put in or left out, at its own path or at one that it goes by."""
    guesses = tuple(guesses)
    return any(is_about_a_guess(path, problem.rule, guesses) for path in (problem.path, *problem.against))


def is_about_a_guess(path: KeyPath, rule: str, guesses: Iterable[KeyPath]) -> bool:
    """Whether a finding follows from what was put in or left out: of that itself, of what is in it, or just around it.

    What nothing uses cannot be known where it is not known what is deployed.
    """
    return any(
        path[: len(guess)] == guess or path == guess[:-1] or (rule == "unused" and guess[:1] == ("pipelines",))
        for guess in guesses
    )


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
