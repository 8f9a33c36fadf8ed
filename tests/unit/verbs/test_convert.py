"""`graft convert` finds the IR in every form that a compiled pipeline comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generators.errors import GraftError, Refused
from generators.ir.definitions import from_text
from generators.verbs.convert import Wanted, convert

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


def _converted(wanted: Wanted) -> list[dict]:
    return list(yaml.safe_load_all(convert(FORMS["IR in JSON"], "greet.yaml", wanted)))


def test_a_run_is_one_workflow_that_needs_nothing_else_in_the_cluster() -> None:
    (workflow,) = _converted(Wanted(run=True, given=["times=3"]))

    assert workflow["kind"] == "Workflow" and workflow["spec"]["templates"]
    assert {"name": "times", "value": "3"} in workflow["spec"]["arguments"]["parameters"]


def test_a_schedule_comes_with_the_template_that_it_names() -> None:
    template, schedule = _converted(Wanted(schedule=["0 3 * * 1", "@daily"], timezone="UTC", given=["word=Hi"]))

    assert (template["kind"], schedule["kind"]) == ("WorkflowTemplate", "CronWorkflow")
    assert schedule["spec"]["schedules"] == ["0 3 * * 1", "@daily"]
    assert schedule["spec"]["workflowSpec"]["workflowTemplateRef"] == {"name": template["metadata"]["name"]}
    assert schedule["spec"]["workflowSpec"]["arguments"]["parameters"] == [{"name": "word", "value": '"Hi"'}]


def test_a_bad_schedule_is_refused_at_the_file_that_was_given() -> None:
    with pytest.raises(Refused) as refused:
        _converted(Wanted(schedule=["0 3 * *"], given=["tims=3"]))

    assert [(finding.place.file, finding.rule) for finding in refused.value.findings] == [
        ("greet.yaml", "unknown-parameter"),
        ("greet.yaml", "schedule"),
    ]


def test_kubeflow_is_given_the_same_pipeline_as_it_is_rendered() -> None:
    pipeline, version = _converted(Wanted(to="kubeflow"))

    assert (pipeline["kind"], version["kind"]) == ("Pipeline", "PipelineVersion")
    assert version["spec"]["pipelineSpec"] == GREET.spec
    assert version["spec"]["pipelineName"] == pipeline["metadata"]["name"] == "greet"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(to="kubeflow", run=True), "has no object that starts a run on kubeflow"),
        (Wanted(run=True, schedule=["@daily"]), "do not go together"),
        (Wanted(given=["times=3"]), "--set is for a run"),
        (Wanted(timezone="UTC"), "--timezone is that of a schedule"),
        (Wanted(run=True, given=["times=x"]), "--set times: "),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_next_step(wanted: Wanted, words: str) -> None:
    with pytest.raises(GraftError) as refused:
        _converted(wanted)

    assert words in refused.value.message and refused.value.fix


def test_what_a_pipeline_job_sets_is_the_default_of_its_template() -> None:
    run = {"parameterValues": {"word": "Hi", "times": 2.0}, "gcsOutputDirectory": "s3://own/root"}
    text = json.dumps({"pipelineSpec": GREET.spec, "runtimeConfig": run})

    template = yaml.safe_load(convert(text, "job.json"))

    values = {item["name"]: item["value"] for item in template["spec"]["arguments"]["parameters"]}
    assert (values["word"], values["times"]) == ('"Hi"', "2")
    assert "s3://own/root" not in json.dumps(GREET.spec)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps({**GREET.spec, "schemaVersion": "2.0.0"}), "has the schemaVersion 2.0.0; 2.1.0 is wanted"),
        (json.dumps({k: v for k, v in GREET.spec.items() if k != "schemaVersion"}), "it may be cut off"),
        ("a: &a [x]\nb: [*a, *a]\n", "has YAML aliases"),
        ("[" * 100_000, "greet.yaml"),
    ],
)
def test_what_cannot_be_read_safely_is_refused(text: str, words: str) -> None:
    with pytest.raises(GraftError) as refused:
        convert(text, "greet.yaml")

    assert words in refused.value.message and refused.value.fix


def test_null_is_a_field_that_is_not_set() -> None:
    spec = {**GREET.spec, "deploymentSpec": {**GREET.spec["deploymentSpec"], "nothing": None}}

    assert yaml.safe_load(convert(json.dumps(spec), "greet.yaml")) == yaml.safe_load(
        convert(FORMS["IR in JSON"], "greet.yaml")
    )


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_bytes(b"# \xb6\n")

    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), "convert", tmp_path / "pipeline.yaml"], capture_output=True, text=True
    )

    assert done.returncode == 2 and "is not text in UTF-8" in done.stderr


def test_it_reads_standard_input_outside_any_repository(tmp_path: Path) -> None:
    graft = Path(sys.executable).with_name("graft")

    done = subprocess.run(
        [graft, "convert", "-"], input=FORMS["IR in JSON"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert yaml.safe_load(done.stdout)["kind"] == "WorkflowTemplate"
