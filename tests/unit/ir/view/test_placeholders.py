"""The language inside texts is read once, for every engine."""

from __future__ import annotations

import pytest

from generators.ir.view import placeholders
from generators.ir.view.placeholders import Concat, IfPresent


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{{$}}", [[]]),
        ("a {{$.inputs.parameters['x']}} b", [["inputs", "parameters", "x"]]),
        ('{{$.inputs.artifacts["a b"].path}}', [["inputs", "artifacts", "a b", "path"]]),
        ("{{$.inputs.parameters['x'][0]['']}}", [["inputs", "parameters", "x", "0", ""]]),
        ("{{workflow.name}} {{$ x}} {{$.}}", []),
    ],
)
def test_a_placeholder_is_its_keys(text, keys):
    assert placeholders.named(text) == keys
    assert placeholders.inside(text) == bool(keys)


def test_a_placeholder_is_seen_wherever_it_stands_in_a_value():
    assert placeholders.inside({"a": [{"{{$.pipeline_job_name}}": 1}]})
    assert placeholders.inside(['{{$.inputs.parameters["x"]}}'])
    assert not placeholders.inside({"a": ["{{x}}", 1, None]})


def test_a_concat_and_an_if_present_are_read_with_what_is_in_them():
    text = '{"Concat": ["a", {"IfPresent": {"InputName": "x", "Then": ["b", "c"], "Else": "d"}}]}'

    assert placeholders.element(text) == Concat(("a", IfPresent("x", ("b", "c"), ("d",))))
    assert placeholders.element('{"IfPresent": {"InputName": "x", "Then": []}}') == IfPresent("x", (), ())
    assert list(placeholders.strings(placeholders.element(text))) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "text", ['{"Concat": ', '{"Concat": 1}', '{"Concat": [1]}', '{"IfPresent": {}}', '{"Concat": [], "a": 1}']
)
def test_what_only_begins_like_one_is_the_text_itself(text):
    assert placeholders.element(text) == text
    assert placeholders.is_unreadable(text)


def test_the_kfp_executor_is_known_by_its_whole_input():
    command = ["sh", "-c", "python3 -m kfp.dsl.executor_main", "{{$}}"]

    assert placeholders.runs_kfp({"command": command})
    assert not placeholders.runs_kfp({"command": command[:-1]})
