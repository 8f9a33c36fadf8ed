"""What a pinned environment may lose where a step or a parameter was renamed in the code and in `base/`.

A class speaks of the head, so what it says under a new name reaches nothing of an older definition, and what that has
under the old name is left as its code made it: without the services that it uses, and without its resources.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generators.inventory.problem import Problem
from generators.ir.definitions import Definition
from generators.ir.steps import steps
from generators.model import Pipeline, StepOverlay
from generators.suggestions import nearest

_ONE = {"steps": "step", "parameters": "parameter"}


def warnings(said: Pipeline, deployed: Pipeline, definition: Definition, head: Definition) -> Iterator[Problem]:
    """A warning for each entry of a pinned definition that may be what a class sets under a name of the head's.

    `said` is all that the environment's files say, `deployed` what is left of it for the definition. What was only
    added to the code is no reason for one, nor what the files set under its old name.
    """
    for kind, has, knows in (
        ("steps", _paths(definition), _paths(head)),
        ("parameters", definition.parameters.keys(), head.parameters.keys()),
    ):
        told = getattr(said, kind).keys()
        passed_over = told - getattr(deployed, kind).keys()
        for name in sorted(has - knows - told) if passed_over else ():
            yield _warning(kind, name, passed_over, said, definition)


def _paths(definition: Definition) -> set[str]:
    return {step.path for step in steps(definition.spec)}


def _warning(kind: str, name: str, passed_over: Collection[str], said: Pipeline, definition: Definition) -> Problem:
    near = nearest(name, passed_over)
    candidates = [near] if near else sorted(passed_over)
    settings = dict.fromkeys(key for path in candidates for key in _settings(said, kind, path))
    what = f"{', '.join(settings)} of {', '.join(candidates)}" if settings else ", ".join(candidates)
    message = (
        f"definition {definition.hash} has the {_ONE[kind]} {name}, of which no file says anything, and base/ sets "
        f"{what}, which only the head has: was {name} renamed to {' or '.join(candidates)}?"
    )
    fix = f"set pipelines.{said.name}.{kind}.{name} in the environment until its definition moves"
    return Problem(("pipelines", said.name, "definition"), "renamed", message, name, fix=fix)


def _settings(said: Pipeline, kind: str, path: str) -> list[str]:
    """What is set of a step, such as its resources; a parameter has its value alone."""
    if kind != "steps":
        return []
    wanted, unset = vars(said.steps[path]), StepOverlay()
    return [key for key, value in wanted.items() if value != getattr(unset, key)]
