"""`graft convert` finds the IR in every form that a compiled pipeline comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generators.errors import Defective, GraftError, Refused, Unreadable
from generators.ir.definitions import from_text
from generators.verbs.convert import Wanted, convert, converted, prove

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


def _converted(wanted: Wanted) -> list[dict]:
    return list(yaml.safe_load_all(convert(FORMS["IR in JSON"], "greet.yaml", wanted)))


def test_a_run_is_one_workflow_that_needs_nothing_else_in_the_cluster() -> None:
    (workflow,) = _converted(Wanted(run=True, given=["times=3"]))

    assert workflow["kind"] == "Workflow" and workflow["spec"]["templates"]
    assert {"name": "times", "value": "3"} in workflow["spec"]["arguments"]["parameters"]


def test_what_a_pipeline_cannot_have_meant_is_a_warning_and_it_runs_all_the_same() -> None:
    spec = json.loads(FORMS["IR in JSON"])
    spec["root"]["inputDefinitions"]["parameters"]["extra"] = {"parameterType": "STRING", "defaultValue": ""}

    found = converted(json.dumps(spec), "greet.yaml", Wanted(run=True, given=["times=3"]))

    assert [(each.verdict, each.rule, each.message) for each in found.warnings] == [
        ("warning", "unused", "the pipeline's parameter extra is not used by anything")
    ]
    assert {"name": "times", "value": "3"} in found.objects[0]["spec"]["arguments"]["parameters"]


def test_a_schedule_comes_with_the_template_that_it_names() -> None:
    template, schedule = _converted(Wanted(schedule=["0 3 * * 1", "@daily"], timezone="UTC", given=["word=Hi"]))

    assert (template["kind"], schedule["kind"]) == ("WorkflowTemplate", "CronWorkflow")
    assert schedule["spec"]["schedules"] == ["0 3 * * 1", "@daily"]
    assert schedule["spec"]["workflowSpec"]["workflowTemplateRef"] == {"name": template["metadata"]["name"]}
    assert schedule["spec"]["workflowSpec"]["arguments"]["parameters"] == [{"name": "word", "value": '"Hi"'}]


def test_what_is_wrong_with_an_option_is_refused_at_it_with_what_to_give() -> None:
    with pytest.raises(Unreadable) as refused:
        _converted(Wanted(schedule=["0 3 * *"], timezone="Berlin", given=["tims=3", "rate=abc"]))

    assert [(finding.place.file, finding.fix) for finding in refused.value.findings] == [
        ("--set", "did you mean times?"),
        ("--set", "give a number: --set rate=..."),
        ("--schedule", "give one such as '0 3 * * 1', Mondays at three"),
        ("--timezone", "did you mean Europe/Berlin?"),
    ]


def test_kubeflow_is_given_the_same_pipeline_as_it_is_rendered() -> None:
    pipeline, version = _converted(Wanted(to="kubeflow"))

    assert (pipeline["kind"], version["kind"]) == ("Pipeline", "PipelineVersion")
    assert version["spec"]["pipelineSpec"] == GREET.spec
    assert version["spec"]["pipelineName"] == pipeline["metadata"]["name"] == "greet"


def test_vertex_is_given_a_job_with_the_parameters_of_the_run() -> None:
    account = "runner@ml-4711.iam.gserviceaccount.com"
    (job,) = _converted(
        Wanted(to="vertex", run=True, given=["times=3", "word=Hi"], root="gs://own/x", name="hello", account=account)
    )

    assert job["displayName"] == "hello" and job["serviceAccount"] == account
    assert job["runtimeConfig"] == {"gcsOutputDirectory": "gs://own/x", "parameterValues": {"times": 3, "word": "Hi"}}
    assert job["pipelineSpec"]["root"] == GREET.spec["root"]


def test_a_job_without_a_run_leaves_every_parameter_at_its_default() -> None:
    (job,) = _converted(Wanted(to="vertex", root="gs://own/x"))

    assert job["runtimeConfig"] == {"gcsOutputDirectory": "gs://own/x"}


def test_everything_that_vertex_cannot_run_is_refused_at_its_line() -> None:
    pod = {"secretAsEnv": [{"secretName": "s", "keyToEnv": [{"secretKey": "k", "envVar": "TOKEN"}]}]}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-greet": pod}}}}}
    text = yaml.safe_dump_all([_spec_with("sdkVersion", "kfp-2.17.0"), platform])

    with pytest.raises(Refused) as refused:
        convert(text, "greet.yaml", Wanted(to="vertex"))

    found = {finding.rule: finding for finding in refused.value.findings}
    assert found.keys() == {"platform", "storage"}
    assert found["platform"].path == "people/greet"
    assert "secretAsEnv:" in text.splitlines()[found["platform"].place.line - 1]
    assert "--root gs://" in found["storage"].fix


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(to="kubeflow", run=True), "has no object that starts a run at once on kubeflow"),
        (Wanted(run=True, schedule=["@daily"]), "do not go together"),
        (Wanted(given=["times=3"]), "--set is for a run"),
        (Wanted(timezone="UTC"), "--timezone is that of a schedule"),
        (Wanted(run=True, given=["times=x"]), "--set: times: "),
        (Wanted(namespace="a.b"), "is not the name of a namespace"),
        (Wanted(to="kfp"), "there is no engine kfp to make manifests for"),
        (Wanted(to="local"), "local takes no manifests"),
        (Wanted(root="s3://Bucket_X/y"), "is not in a bucket"),
        (Wanted(schedule=["0 3 31 2 *"]), "never comes"),
        (Wanted(account="runner@ml-4711.iam.gserviceaccount.com"), "is not the name of an object of Kubernetes"),
        (Wanted(to="kubeflow", account="runner"), "nothing that graft makes for kubeflow names one"),
        (Wanted(to="vertex", account="runner"), "is not a service account of Google Cloud"),
        (Wanted(to="vertex", namespace="ml"), "nothing that graft makes for vertex has one"),
        (Wanted(to="vertex", schedule=["@daily"]), "has no object that starts a run by a schedule on vertex"),
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


def test_null_is_a_field_that_is_not_set() -> None:
    spec = {
        **GREET.spec,
        "defaultPipelineRoot": None,
        "pipelineInfo": {**GREET.spec["pipelineInfo"], "displayName": None},
    }

    assert yaml.safe_load(convert(json.dumps(spec), "greet.yaml")) == yaml.safe_load(
        convert(FORMS["IR in JSON"], "greet.yaml")
    )


def test_it_reads_standard_input_outside_any_repository(tmp_path: Path) -> None:
    graft = Path(sys.executable).with_name("graft")

    done = subprocess.run(
        [graft, "convert", "-"], input=FORMS["IR in JSON"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert yaml.safe_load(done.stdout)["kind"] == "WorkflowTemplate"


def _spec_with(path: str, value: object) -> dict:
    spec = json.loads(json.dumps(GREET.spec))
    *parents, last = path.split(".")
    place = spec
    for key in parents:
        place = place.setdefault(key, {})
    place[last] = value
    return spec


def test_what_a_cluster_cannot_take_is_graft_s_own_defect() -> None:
    (template,) = converted(FORMS["IR in JSON"], "x").objects
    template["spec"]["entrypont"] = "main"

    with pytest.raises(Defective) as defective:
        prove([template], "x")

    assert defective.value.exit_status == 3 and "please report it" in defective.value.findings[0].fix


def test_the_objects_have_the_names_that_were_asked_for() -> None:
    wanted = Wanted(
        schedule=["@daily"], name="hello", namespace="ml", account="runner", root="s3://own/x", concurrency="forbid"
    )

    template, schedule = _converted(wanted)

    assert [obj["metadata"]["name"] for obj in (template, schedule)] == ["hello", "hello"]
    assert {obj["metadata"]["namespace"] for obj in (template, schedule)} == {"ml"}
    assert template["spec"]["serviceAccountName"] == "runner"
    assert schedule["spec"]["concurrencyPolicy"] == "Forbid"
    assert schedule["spec"]["workflowSpec"]["workflowTemplateRef"] == {"name": "hello"}


@pytest.mark.parametrize("name", ["a.b", "a-b.c", "-a", "A", "a" * 64])
@pytest.mark.parametrize("to", ["argo", "kubeflow"])
def test_a_name_that_its_objects_cannot_have_is_refused(name: str, to: str) -> None:
    with pytest.raises(GraftError, match=f"--name {name}: is not the name of an object"):
        _converted(Wanted(to=to, name=name, root="s3://own/x"))


def test_kubeflow_s_objects_have_them_too() -> None:
    pipeline, version = _converted(Wanted(to="kubeflow", name="hello", namespace="ml", root="s3://own/x"))

    assert pipeline["metadata"]["name"] == version["spec"]["pipelineName"] == "hello"
    assert pipeline["metadata"]["namespace"] == version["metadata"]["namespace"] == "ml"
    assert version["spec"]["pipelineSpec"]["defaultPipelineRoot"] == "s3://own/x"


WRITES = _spec_with(
    "components.comp-collect.outputDefinitions.artifacts", {"out": {"artifactType": {"schemaTitle": "system.Dataset"}}}
)


def test_a_root_that_graft_chose_is_a_warning_that_names_the_option() -> None:
    (warning,) = converted(json.dumps(WRITES), "greet.yaml").warnings

    assert "s3://artifacts" in warning.message and "--root" in warning.fix
    assert not converted(json.dumps(WRITES), "greet.yaml", Wanted(root="s3://own/x")).warnings
    assert not converted(FORMS["IR in JSON"], "greet.yaml").warnings  # it has no artifacts


def test_a_warning_goes_to_standard_error_and_json_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "greet.json").write_text(json.dumps(WRITES))

    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), "convert", "greet.json", "--output", "json"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout)["kind"] == "List"
    assert "--root" in done.stderr
