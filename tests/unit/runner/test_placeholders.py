"""Placeholders: every form, put in once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import GraftError
from generators.runner.placeholders import arguments, fill, view

DATA = {"name": "data", "type": {"schemaTitle": "system.Dataset"}, "uri": "/runs/data", "metadata": {"rows": 3}}
EXECUTOR_INPUT = {
    "inputs": {"parameterValues": {"n": 64.0}, "artifacts": {"data": {"artifacts": [DATA]}}},
    "outputs": {
        "parameters": {"out": {"outputFile": "/runs/out"}},
        "artifacts": {"model": {"artifacts": [DATA | {"uri": "/runs/model"}]}},
        "outputFile": "/runs/executor_output.json",
    },
}
PARAMETERS = {
    "n": 64.0,
    "lr": 1e-05,
    "on": True,
    "text": "{{$.pipeline_job_name}}",
    "nested": {"a": ["x", 2]},
    "none": None,
}
TREE = view(EXECUTOR_INPUT, PARAMETERS, {"pipeline_job_name": "job-1", "pipeline_task_uuid": "u"})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{$.inputs.parameters['n']}}", "64"),
        ("{{$.inputs.parameters['lr']}}", "0.00001"),
        ("{{$.inputs.parameters['on']}}", "true"),
        ('{{$.inputs.parameters["n"]}}', "64"),
        ("{{$.inputs.parameters['nested']}}", '{"a":["x",2]}'),
        ("{{$.inputs.parameters['nested']['a'][1]}}", "2"),
        ("{{$.inputs.artifacts['data'].uri}}:{{$.inputs.artifacts['data'].path}}", "/runs/data:/runs/data"),
        ("{{$.inputs.artifacts['data'].metadata}}", '{"rows":3}'),
        ("{{$.inputs.artifacts['data'].metadata['rows']}}", "3"),
        ("{{$.inputs.artifacts['data'].name}}", "data"),
        ("{{$.outputs.artifacts['model'].path}}", "/runs/model"),
        ("{{$.outputs.parameters['out'].output_file}}", "/runs/out"),
        ("{{$.outputs.output_file}}", "/runs/executor_output.json"),
        ("{{$.outputMetadataUri}}", "/runs/executor_output.json"),
        ("a {{$.pipeline_job_name}}-{{$.pipeline_task_uuid}} b", "a job-1-u b"),
        ("{{$.inputs.parameters['text']}}", "{{$.pipeline_job_name}}"),
        ("{{$.Values.image}} {{ $.x }} {{$", "{{$.Values.image}} {{ $.x }} {{$"),
    ],
)
def test_each_form_is_put_in_once(template, expected):
    assert fill(template, TREE) == expected


def test_a_list_of_artifacts_stands_for_all_of_them():
    assert fill("{{$.inputs.artifacts['data']}}", TREE).startswith('[{"name":"data"')


def test_the_whole_input_is_json():
    assert fill("{{$}}", TREE).startswith('{"inputs":{"parameterValues":{"n":64.0}')


@given(st.text())
def test_no_value_is_read_again(text):
    tree = view({}, {"x": text}, {"pipeline_job_name": "job"})
    assert fill("<{{$.inputs.parameters['x']}}>", tree) == f"<{text}>"


def test_concat_and_if_present_give_one_argument_several_or_none():
    templates = [
        '{"Concat": ["n=", "{{$.inputs.parameters[\'n\']}}", {"IfPresent": {"InputName": "none", "Then": "!"}}]}',
        '{"IfPresent": {"InputName": "n", "Then": ["--n", "{{$.inputs.parameters[\'n\']}}"]}}',
        '{"IfPresent": {"InputName": "none", "Then": "x"}}',
        '{"IfPresent": {"InputName": "none", "Then": "x", "Else": ["y", "z"]}}',
        '{"IfPresent": {"InputName": "data", "Then": "has data"}}',
    ]
    assert arguments(templates, TREE) == ["n=64", "--n", "64", "y", "z", "has data"]


def test_an_input_without_a_value_is_an_error_in_a_command():
    with pytest.raises(GraftError, match="has no value") as error:
        arguments(["{{$.inputs.parameters['none']}}"], TREE)
    assert "IfPresent" in error.value.fix
