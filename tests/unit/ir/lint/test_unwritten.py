"""Which outputs a step's function cannot write."""

from __future__ import annotations

import pytest

from tests.unit.ir.lint.conftest import Lint

FUNCTION = """
from kfp.dsl import *
def make(data: Output[Dataset], n: int) -> int:
    {body}
    return n
"""


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("pass", True),
        ("open(data.path, 'w').write('x')", False),
        ("print(locals())", False),
        ("print('data')", True),
        ("def data(): pass", False),
        ("(", False),
    ],
)
def test_an_artifact_that_a_function_never_names_is_a_warning(found: Lint, body: str, is_found: bool) -> None:
    container = {
        "image": "x",
        "command": ["sh", "-c", 'program=$0; python3 -m kfp.dsl.executor_main "$@"', FUNCTION.format(body=body)],
        "args": ["--executor_input", "{{$}}", "--function_to_execute", "make"],
    }

    problems = found({"deploymentSpec.executors.exec-make.container": container})

    at = "components.comp-make.outputDefinitions.artifacts.data"
    assert problems == ([("warning", "artifact", at)] if is_found else [])
