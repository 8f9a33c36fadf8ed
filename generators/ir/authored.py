"""Problems of a definition as findings where its author can mend them: in the pipeline's code, where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generators.ir import validate
from generators.ir.compile import module_of
from generators.ir.definitions import Definition
from generators.ir.lines import line_finder
from generators.ir.validate import Problem
from generators.model import Finding, Place


def findings(definition: Definition, problems: Sequence[Problem]) -> list[Finding]:
    """The problems at the lines of the code that the definition was compiled of, or else at those of its own file."""
    if not problems:
        return []
    if not definition.lines:
        return validate.findings(problems, definition.path, line_finder(definition.text))
    found = validate.findings(problems, module_of(definition.pipeline))
    lines = [definition.line_of_path(problem.path) for problem in problems]
    return [replace(each, place=Place(*line)) if line else each for each, line in zip(found, lines, strict=True)]
