"""Rendered jobs: what Google's own message takes, what its client makes of them, and what their names say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.cloud.aiplatform_v1.types import PipelineJob
from google.protobuf import json_format

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[4]
Edit = Callable[[Path, str, str], None]
Job = dict[str, Any]
LIVE = sorted(ROOT.glob("rendered/vertex/*/*/pipelinejob.yaml"))


def _parsed(job: Job) -> PipelineJob:
    """The job as Google's own message; any field that this does not have is an error."""
    return PipelineJob.from_json(json.dumps(job), ignore_unknown_fields=False)


def _again(job: PipelineJob) -> Job:
    return json_format.MessageToDict(PipelineJob.pb(job))


def _job(environment: Path) -> Job:
    render.render(Repository(environment.parents[1]))
    file = environment.parents[1] / "rendered/vertex/europe/greet/pipelinejob.yaml"
    return yaml.load(file.read_text(), yaml.CSafeLoader)


@pytest.mark.parametrize("file", LIVE, ids=lambda file: file.parent.name)
def test_google_s_message_takes_what_is_rendered_and_gives_it_back(file: Path) -> None:
    job = yaml.load(file.read_text(), yaml.CSafeLoader)

    assert _again(_parsed(job)) == job


def test_latent_boundary_is_among_them() -> None:
    assert "latent-boundary" in [file.parent.name for file in LIVE]


@pytest.mark.parametrize(("place", "field"), [((), "metadata"), (("runtimeConfig",), "pipelineRoot")])
def test_a_field_that_the_message_does_not_have_is_not_taken(environment: Path, place: tuple, field: str) -> None:
    job = _job(environment)
    assert _again(_parsed(job)) == job
    (job[place[0]] if place else job)[field] = {}

    with pytest.raises(json_format.ParseError, match=field):
        _parsed(job)


@pytest.mark.parametrize("file", LIVE, ids=lambda file: file.parent.name)
def test_google_s_client_makes_the_same_run_time_configuration_of_it(file: Path) -> None:
    from google.cloud.aiplatform.utils.pipeline_utils import PipelineRuntimeConfigBuilder

    job = yaml.load(file.read_text(), yaml.CSafeLoader)

    built = PipelineRuntimeConfigBuilder.from_job_spec_json(job).build()

    assert {key: value for key, value in built.items() if value} == job["runtimeConfig"]


@pytest.mark.parametrize("file", LIVE, ids=lambda file: file.parent.name)
def test_the_pipeline_inside_is_one_of_kfp_s(file: Path) -> None:
    from kfp.pipeline_spec import pipeline_spec_pb2

    spec = yaml.load(file.read_text(), yaml.CSafeLoader)["pipelineSpec"]

    parsed = json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec())
    for executor in spec["deploymentSpec"]["executors"].values():
        json_format.ParseDict(executor, pipeline_spec_pb2.PipelineDeploymentConfig.ExecutorSpec())
    assert parsed.schema_version == "2.1.0"


def test_the_cluster_s_facts_and_the_inventory_s_parameters_stand_in_it(environment: Path) -> None:
    job = _job(environment)

    assert job["name"].startswith("projects/greet-4711/locations/europe-west4/pipelineJobs/greet-")
    assert job["serviceAccount"] == "greeter@greet-4711.iam.gserviceaccount.com"
    assert job["network"] == "projects/4711/global/networks/greet"
    assert job["runtimeConfig"]["gcsOutputDirectory"] == "gs://greet-4711/pipelines/greet"
    people = [{"name": "Ada", "layers": [64, 32]}, {"name": "Grace", "layers": [128]}]
    assert job["runtimeConfig"]["parameterValues"] == {"word": "Good morning", "times": 3, "people": people}


def test_a_step_has_limits_an_accelerator_and_no_requests(environment: Path) -> None:
    executors = _job(environment)["pipelineSpec"]["deploymentSpec"]["executors"]

    assert executors["exec-greet"]["container"]["resources"] == {
        "cpuLimit": 1.0,
        "resourceCpuLimit": "1",
        "memoryLimit": 1.073741824,
        "resourceMemoryLimit": "1Gi",
        "accelerator": {"type": "NVIDIA_L4", "resourceType": "NVIDIA_L4", "count": "1", "resourceCount": "1"},
    }
    assert "resources" not in executors["exec-praise"]["container"]


def test_a_step_that_uses_the_services_is_told_where_they_are_and_no_secret(environment: Path) -> None:
    job = _job(environment)
    env = job["pipelineSpec"]["deploymentSpec"]["executors"]["exec-greet"]["container"]["env"]

    told = {item["name"]: item["value"] for item in env}
    assert told["STORAGE_URI"] == "gs://greet-4711"
    assert told["MLFLOW_TRACKING_URI"].startswith("postgresql://greeter%40greet-4711.iam@10.0.0.3:5432/mlflow")
    assert "platforms" not in json.dumps(job)


def test_its_id_and_labels_are_such_that_google_takes_them_and_its_id_ends_in_its_content(environment: Path) -> None:
    job = _job(environment)

    id_ = job["name"].rpartition("/")[2]
    assert re.fullmatch(r"[a-z][-a-z0-9]{0,127}", id_) and id_ == f"greet-{job['labels']['graft-dev-content']}"
    assert job["labels"]["graft-dev-definition"] == "4dbb8e3ec3"
    assert job["labels"]["graft-dev-environment"] == "vertex"
    for key, value in job["labels"].items():
        assert re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key) and re.fullmatch(r"[a-z0-9_-]{0,63}", value)


@pytest.mark.parametrize(
    ("old", "new"),
    [("times: 3", "times: 4"), ("greeter@greet", "other@greet"), ("networks/greet", "networks/x"), ("done", "indeed")],
)
def test_another_content_has_another_id(environment: Path, edit: Edit, old: str, new: str) -> None:
    before = _job(environment)["name"]
    edit(environment, old, new)

    assert _job(environment)["name"] != before


def test_nothing_of_google_is_imported_to_make_one() -> None:
    program = (
        "import sys; from generators.engines.registry import engine; from generators.engines.engine import Start; "
        "spec = {'pipelineInfo': {'name': 'x'}, 'root': {'dag': {}}, 'defaultPipelineRoot': 'gs://bucket'}; "
        "made = engine('vertex').convert(spec, {}, Start()); assert made.objects[0]['displayName'] == 'x', made; "
        "print([name for name in sys.modules if name.startswith(('google.cloud.', 'google.auth'))])"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("[]\n", "")
