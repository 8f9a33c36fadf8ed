"""What `convert` accepts of a pipeline that was changed anywhere gives objects that their own definitions take."""

import json
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from generators.errors import Defective, GraftError
from generators.verbs.convert import Wanted, converted
from google.protobuf import json_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kfp.pipeline_spec import pipeline_spec_pb2

import suite
from mutations import leaf_changed, mutated

CRDS = Path(__file__).resolve().parents[3] / "shared/crds"
OWN = Path(__file__).resolve().parents[2] / "definitions/transfer-learning"
WANTED = [Wanted(), Wanted(run=True), Wanted(schedule=["@daily"]), Wanted(to="kubeflow")]
UNTIMED = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@UNTIMED
@given(st.data(), st.sampled_from([mutated, leaf_changed]))
def test_what_is_accepted_gives_objects_that_their_definitions_take(data, change):
    if not CRDS.is_dir():
        pytest.skip("not run: 1 test, the resource definitions are not beside the repository")
    spec, platform = change(data, *_pipeline(data.draw(st.sampled_from([*suite.NAMES, "transfer-learning"]))))

    for obj in _objects(
        json.dumps({"pipelineSpec": spec, "platformSpec": platform}), data.draw(st.sampled_from(WANTED))
    ):
        assert [error.message for error in _definitions()[obj["kind"]].iter_errors(obj)] == []
        if obj["kind"] == "PipelineVersion":
            _read_by_kfp(obj["spec"])


def _objects(text, wanted):
    """What `convert` accepts; that it refuses is fine, but neither a mistake of graft's own nor another error is."""
    try:
        return converted(text, "x.json", wanted).objects
    except GraftError as error:
        assert not isinstance(error, Defective), error.findings
        return []


def _read_by_kfp(content):
    """KFP's own messages, which know every field, take both specs."""
    json_format.ParseDict(content["pipelineSpec"], pipeline_spec_pb2.PipelineSpec())
    json_format.ParseDict(content.get("platformSpec", {}), pipeline_spec_pb2.PlatformSpec())


@cache
def _definitions():
    """Kind to validator, of Argo Workflows and of KFP, with no field allowed that a definition does not name."""
    files = [*CRDS.glob("argo-workflows-*/*.yaml"), *CRDS.glob("kubeflow-pipelines-*/*.yaml")]
    documents = [yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["spec"] for file in files]
    return {
        each["names"]["kind"]: jsonschema_rs.Draft202012Validator(suite.closed(version["schema"]["openAPIV3Schema"]))
        for each in documents
        for version in each["versions"]
    }


@cache
def _pipeline(name):
    if name in suite.NAMES:
        return suite.compiled(name)
    content = json.loads(sorted(OWN.glob("*.json"))[0].read_text("utf-8"))
    return content["pipelineSpec"], content["platformSpec"]
