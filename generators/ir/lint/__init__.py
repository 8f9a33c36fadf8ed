"""What a sound pipeline says that its author cannot have meant: values that nothing takes, steps that never run.

`validate` says what an engine cannot read; this says what every engine would read, and run to no purpose or to certain
failure. It is for any compiled pipeline. What is wrong in every run is invalid; what is only left over is a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.ir.lint import conditions, exits, loops, pods, reach, types, unused, unwritten
from generators.ir.validate.problem import Problem
from generators.ir.validate.scope import Scope
from generators.ir.view import Pipeline


def problems(spec: Mapping[str, Any], platform: Mapping[str, Any] | None = None) -> list[Problem]:
    """Every problem of a PipelineSpec with its PlatformSpec in which `validate.problems` finds nothing."""
    scope = Scope(Pipeline.of(spec, platform))
    for check in (types, conditions, loops, exits, pods, reach, unused, unwritten):
        check.check(scope)
    return list(dict.fromkeys(scope.found))
