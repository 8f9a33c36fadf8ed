"""A placeholder in a container's command names what its component has, or is refused for every engine."""

import json

import pytest
from google.protobuf import json_format
from kfp import dsl

from generators.ir import validate


@dsl.container_component
def copy(text: str, data: dsl.Input[dsl.Dataset], made: dsl.Output[dsl.Dataset], said: dsl.OutputPath(str)):
    command = ["sh", "-c", 'printf %s "$0" "{{$name}}" > "$1"']  # what Go's templates would read is text here
    return dsl.ContainerSpec("kit", command, [text, data.path, made.path, said, dsl.ConcatPlaceholder(["a", text])])


@dsl.component(base_image="kit")
def first() -> dsl.Dataset:
    print("{{$.inputs.parameters['nothing']}}")


@dsl.pipeline(name="places")
def pipeline(text: str = "a"):
    copy(text=text, data=first().output)


SPEC = json.dumps(json_format.MessageToDict(pipeline.pipeline_spec))


def _found(old: str, new: str) -> list[tuple[str, str]]:
    assert old in SPEC
    problems = validate.problems(json.loads(SPEC.replace(old, new)))
    return [(problem.message, problem.fix) for problem in problems]


def test_placeholders_that_name_what_is_there_are_accepted() -> None:
    assert validate.problems(json.loads(SPEC)) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        ("\"{{$.inputs.parameters['text']", "\"{{$.inputs.parameters['txt']", "no parameter txt among", "text?"),
        ("{{$.inputs.artifacts['data']", "{{$.inputs.artifacts['dat']", "no artifact dat among its inputs", "data?"),
        ("{{$.outputs.artifacts['made']", "{{$.outputs.artifacts['mde']", "no artifact mde among its outputs", "made?"),
        ("{{$.outputs.parameters['said']", "{{$.outputs.parameters['sad']", "no parameter sad among its out", "said?"),
        ("\"{{$.inputs.parameters['text']}}", "\"{{$.inputs.parameters['text}}", "cannot be read", "write it as"),
    ],
)  # fmt: skip
def test_one_that_leads_nowhere_is_refused_with_the_nearest(old: str, new: str, message: str, fix: str) -> None:
    found = _found(old, new)

    assert any(message in said and fix in then for said, then in found), found
