"""`graft convert` finds the IR in every form that a compiled pipeline comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generators.errors import GraftError
from generators.ir.definitions import from_text
from generators.verbs.convert import convert

TINY = Path(__file__).resolve().parents[2] / "tiny"
(DEFINITION,) = (TINY / "definitions/greet").glob("*.json")
GREET = from_text("greet", DEFINITION.read_text())
FORMS = {
    "a definition": DEFINITION.read_text(),
    "IR in JSON": json.dumps(GREET.spec),
    "IR in YAML with its platform": yaml.safe_dump_all([GREET.spec, {"platforms": {"kubernetes": {}}}]),
    "a PipelineJob": json.dumps({"displayName": "greet", "pipelineSpec": GREET.spec, "runtimeConfig": {}}),
    "KFP's Kubernetes manifest": yaml.safe_dump_all(
        [{"kind": "Pipeline", "spec": {}}, {"kind": "PipelineVersion", "spec": {"pipelineSpec": GREET.spec}}]
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_template(form: str) -> None:
    template = yaml.safe_load(convert(FORMS[form], "greet.yaml"))

    assert template["kind"] == "WorkflowTemplate"
    assert template["spec"] == yaml.safe_load(convert(FORMS["IR in JSON"], "greet.yaml"))["spec"]


@pytest.mark.parametrize("text", ["", "a: b", "{", "[1, 2]", "kind: Pipeline\nspec: {}"])
def test_what_is_no_compiled_pipeline_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(GraftError) as refused:
        convert(text, "greet.yaml")

    assert "greet.yaml" in refused.value.message and "kfp's compiler" in refused.value.fix


def test_it_reads_standard_input_outside_any_repository(tmp_path: Path) -> None:
    graft = Path(sys.executable).with_name("graft")

    done = subprocess.run(
        [graft, "convert", "-"], input=FORMS["IR in JSON"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert yaml.safe_load(done.stdout)["kind"] == "WorkflowTemplate"
