"""A problem stands at the line of what is wrong, in whatever a compiled pipeline comes in."""

from __future__ import annotations

import json

import pytest
import yaml

from generators.ir.lines import line_finder

SPEC = {"pipelineInfo": {"name": "x"}, "root": {"dag": {"tasks": {"a": {"dependentTasks": ["b", "c"]}}}}}
PLATFORM = {"platforms": {"kubernetes": {"pipelineConfig": {"workspace": {}}}}}
FORMS = {
    "YAML with its platform": yaml.safe_dump_all([SPEC, PLATFORM]),
    "a definition": json.dumps({"pipelineSpec": SPEC, "platformSpec": PLATFORM}, indent=1),
    "a PipelineVersion": yaml.safe_dump(
        {"kind": "PipelineVersion", "spec": {"pipelineSpec": SPEC, "platformSpec": PLATFORM}}
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_path_has_the_line_of_its_key_or_its_item(form):
    text = FORMS[form]
    line, lines = line_finder(text), text.splitlines()

    assert "dependentTasks" in lines[line(("root", "dag", "tasks", "a", "dependentTasks")) - 1]
    assert "c" in lines[line(("root", "dag", "tasks", "a", "dependentTasks", 1)) - 1]
    assert "workspace" in lines[line(("platforms", "kubernetes", "pipelineConfig", "workspace")) - 1]


def test_what_is_not_there_has_the_line_of_what_is_around_it():
    line = line_finder(FORMS["a definition"])

    assert line(("root", "dag", "tasks", "z")) == line(("root", "dag", "tasks"))
    assert line(("nowhere",)) == line(()) == FORMS["a definition"].splitlines().index(' "pipelineSpec": {') + 1


@pytest.mark.parametrize("text", ["", "{", "a: b: c", "[" * 5000])
def test_a_text_that_cannot_be_read_has_one_line(text):
    assert line_finder(text)(("root",)) == 1
