"""Variables that a step on Vertex AI would not get as they are written.

A step is a custom job, whose EnvVar replaces $(NAME), reads $$ as $ and wants a value:
https://cloud.google.com/vertex-ai/docs/reference/rest/v1/EnvVar, https://github.com/kubeflow/pipelines/issues/10111
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_READ_OTHERWISE = re.compile(r"\$\$|\$\([-._a-zA-Z][-._a-zA-Z0-9]*\)")


class Misread(NamedTuple):
    """What is wrong with a variable's value, what of it is, and what to do."""

    message: str
    found: str
    fix: str


def misread(variables: Mapping[str, str]) -> Iterator[tuple[str, Misread]]:
    """(name, problem) for every variable that would have another value, or none."""
    for name, value in variables.items():
        if not value:
            yield name, Misread("Vertex AI takes no variable without a value", "", "remove it, or give it a value")
        elif "{{$" in value:
            fix = "hand the value to the step as a parameter"
            yield name, Misread("Vertex AI fills no placeholder in a variable", value, fix)
        elif match := _READ_OTHERWISE.search(value):
            message = f"Vertex AI reads {match[0]} in a variable as something else"
            yield name, Misread(message, value, "hand the value to the step as a parameter")
