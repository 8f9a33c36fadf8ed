"""What a person gives a run by `--set`, for this run alone."""

from __future__ import annotations

from typing import Any

from generators.errors import Unreadable
from generators.fleet import compatibility
from generators.fleet.fleet import Fleet
from generators.inventory.paths import format_path
from generators.ir import assignments


def parameters(fleet: Fleet, env: str, pipeline: str, given: list[str]) -> dict[str, Any]:
    """The parameters of KEY=VALUE for a pipeline of an environment; Unreadable says all that is wrong with them."""
    definition = fleet.definition(env, pipeline)
    known = next(each.parameters for each in fleet.environments[env].pipelines if each.name == pipeline)
    found, wrong = assignments.read(given, definition.parameters, known)
    tightened = compatibility.narrowed(fleet.repository, pipeline)
    for each in compatibility.parameter_problems(found, definition, tightened):
        texts = (each.message, each.found, each.allowed, each.fix)
        wrong.append(assignments.problem(each.rule, format_path(each.path), *texts))
    if wrong:
        raise Unreadable(wrong)
    return found
