"""The components of a `component.py` are read from its syntax, whichever way they are written."""

from __future__ import annotations

import pytest

from generators.catalogue.steps import Step, Value, overview, steps

HEAD = "from kfp import dsl\nfrom kfp.dsl import Dataset, Input, Model, Output\n"


def _only(text: str) -> Step:
    (step,) = steps(HEAD + text)
    return step


def test_inputs_and_outputs_are_told_apart_with_types_and_defaults() -> None:
    step = _only(
        "@dsl.component(base_image='a')\n"
        "def train(data: Input[Dataset], epochs: int = 3, *, model: Output[Model]) -> float:\n    '''Train.'''\n"
    )

    assert step == Step(
        "train",
        "Train.",
        (Value("data", "Dataset"), Value("epochs", "int", "3")),
        (Value("model", "Model"), Value("Output", "float")),
    )


@pytest.mark.parametrize(
    ("written", "outputs"),
    [
        ("def f(out: dsl.OutputPath(str)):", [("out", "str")]),
        ("def f(out: dsl.Output[dsl.Model]):", [("out", "dsl.Model")]),
        ("def f() -> None:", []),
        ("def f() -> NamedTuple('R', [('a', int), ('b', str)]):", [("a", "int"), ("b", "str")]),
        ("def f() -> list[str]:", [("Output", "list[str]")]),
    ],
)
def test_every_way_of_giving_an_output_is_one(written: str, outputs: list[tuple[str, str]]) -> None:
    step = _only(f"@dsl.container_component\n{written}\n    pass\n")

    assert [(value.name, value.type) for value in step.outputs] == outputs
    assert step.inputs == ()


def test_a_function_that_is_no_component_is_not_listed() -> None:
    assert steps(HEAD + "def helper():\n    pass\n\n@cache\ndef other():\n    pass\n") == []


def test_the_overview_is_the_first_paragraph_on_one_line() -> None:
    assert overview('"""Steps of\nall kinds.\n\nMore of them."""\n') == "Steps of all kinds."
