"""Repair a broken document just enough to go on checking the rest of it, so that one pass finds everything.

What it returns is never rendered: it only lets the checks that need a whole environment say what they have to say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cached_property
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

_ROUNDS = 5  # repairing one thing may uncover another below it


class Guesses(tuple[KeyPath, ...]):
    """The paths of what was put in or left out, which may be very many: no question goes through them all."""

    def __add__(self, more: tuple[KeyPath, ...]) -> Guesses:
        return Guesses((*self, *more))

    @cached_property
    def paths(self) -> frozenset[KeyPath]:
        return frozenset(self)

    @cached_property
    def parents(self) -> frozenset[KeyPath]:
        return frozenset(path[:-1] for path in self)

    @cached_property
    def of_pipelines(self) -> bool:
        """Whether it is not known what is deployed."""
        return any(path[:1] == ("pipelines",) for path in self)


NO_GUESSES = Guesses()


def repaired(
    document: dict[str, Any], problems_of: Callable[[Any], list[Problem]]
) -> tuple[dict[str, Any] | None, Guesses]:
    """A copy that passes its schema, with examples in place of what was wrong or missing; None if it cannot be.

    The paths are those of what was put in or left out: what is said of them later is about a guess.
    """
    document, guesses = copy.deepcopy(document), []
    for _ in range(_ROUNDS):
        problems = problems_of(document)
        if not problems:
            return document, Guesses(guesses)
        for problem in problems:
            _repair(document, problem)
            guesses.append((*problem.path, problem.missing) if problem.missing else problem.path)
            guesses += problem.against  # what a key that is unknown was meant for
    return None, NO_GUESSES


def follows_from(problem: Problem, guesses: Guesses) -> bool:
    """Whether a problem follows from what was put in or left out, at its own path or at one that it goes by."""
    return any(is_about_a_guess(path, problem.rule, guesses) for path in (problem.path, *problem.against))


def is_about_a_guess(path: KeyPath, rule: str, guesses: Guesses) -> bool:
    """Whether a finding follows from what was put in or left out: of that itself, of what is in it, or just around it.

    What nothing uses cannot be known where it is not known what is deployed.
    """
    within = any(path[:end] in guesses.paths for end in range(len(path) + 1))
    return within or path in guesses.parents or (rule == "unused" and guesses.of_pipelines)


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
