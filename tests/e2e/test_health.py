"""What graft tells Argo CD of the health of a kind is what Argo CD's own engine makes of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

SETTINGS = Path(__file__).parents[2] / "tests" / "tiny" / "rendered" / "staging" / "argocd" / "settings.yaml"
KFP, ARGO, TRAINING = "pipelines.kubeflow.org/v2beta1", "argoproj.io/v1alpha1", "kubeflow.org/v1"


def conditions(*said):
    return {"conditions": [{"type": kind, "status": status, "message": f"is {kind}"} for kind, status in said]}


OWNED = {"ownerReferences": [{"apiVersion": KFP, "kind": "Pipeline", "name": "greet", "uid": "1"}]}
CASES = [
    (KFP, "Pipeline", {}, {}, "Healthy", "registered"),
    (KFP, "PipelineVersion", {}, OWNED, "Healthy", "a version of the pipeline greet"),
    (KFP, "PipelineVersion", {}, {}, "Healthy", "webhook"),
    (TRAINING, "TFJob", {}, {}, "Progressing", "waiting for the training operator"),
    (TRAINING, "TFJob", conditions(("Created", "True"), ("Running", "True")), {}, "Progressing", "is Running"),
    (TRAINING, "TFJob", conditions(("Running", "False"), ("Succeeded", "True")), {}, "Healthy", "is Succeeded"),
    (TRAINING, "TFJob", conditions(("Created", "True"), ("Failed", "True")), {}, "Degraded", "is Failed"),
    (TRAINING, "TFJob", conditions(("Created", "True"), ("Suspended", "True")), {}, "Suspended", "is Suspended"),
    (ARGO, "Workflow", {}, {}, "Progressing", "waiting for the controller"),
    (ARGO, "Workflow", {"phase": "Running"}, {}, "Progressing", "Running"),
    (ARGO, "Workflow", {"phase": "Succeeded"}, {}, "Healthy", "Succeeded"),
    (ARGO, "Workflow", {"phase": "Failed", "message": "child failed"}, {}, "Degraded", "child failed"),
    (ARGO, "Workflow", {"phase": "Error", "message": "no template"}, {}, "Degraded", "no template"),
]


SERVING = {"predictor": {"model": {"storageUri": "s3://ml/models/greet/3"}}}
UNREADY = {"conditions": [{"type": "PredictorReady", "status": "False", "message": "0 of 1"}]}
SERVED = [
    ({"predictor": {"model": {}}}, UNREADY, "Suspended", "serves no version yet"),
    (SERVING, {}, "Progressing", "KServe has not looked at it yet"),
    (SERVING, UNREADY | {"observedGeneration": 2}, "Progressing", "PredictorReady: 0 of 1"),
    (SERVING, conditions(("Ready", "True")) | {"observedGeneration": 2}, "Healthy", "s3://ml/models/greet/3"),
    (SERVING, conditions(("Ready", "True")) | {"observedGeneration": 1}, "Progressing", "KServe has not looked at it"),
    (SERVING, {"modelStatus": {"lastFailureInfo": {"message": "no such bucket"}}}, "Degraded", "no such bucket"),
]


@pytest.mark.parametrize(("api_version", "kind", "status", "metadata", "health", "words"), CASES)
def test_argo_cd_reckons_an_objects_health_as_meant(
    argocd_binary, tmp_path, api_version, kind, status, metadata, health, words
):
    obj = {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": {}, "status": status}
    judged(argocd_binary, tmp_path, obj, health, words)


@pytest.mark.parametrize(("spec", "status", "health", "words"), SERVED)
def test_a_service_without_a_version_waits_and_one_whose_model_cannot_be_loaded_is_degraded(
    argocd_binary, tmp_path, spec, status, health, words
):
    kind = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"}
    judged(
        argocd_binary, tmp_path, {**kind, "metadata": {"generation": 2}, "spec": spec, "status": status}, health, words
    )


def judged(argocd_binary, tmp_path, obj, health, words):
    """Hold what Argo CD says of an object against what is meant."""
    config, *_ = yaml.load_all(SETTINGS.read_text("utf-8"), yaml.CSafeLoader)
    obj["metadata"] = {"name": "greet", "namespace": "greet-staging", **obj["metadata"]}
    for name, document in (("config.yaml", config), ("object.yaml", obj)):
        (tmp_path / name).write_text(yaml.safe_dump(document), "utf-8")

    said = asked(argocd_binary, tmp_path)

    assert f"STATUS: {health}\n" in said
    assert words in said.partition("MESSAGE: ")[2]


def asked(program, folder):
    """What Argo CD's command line answers, which evaluates a health check as its controller does."""
    command = [program, "admin", "settings", "resource-overrides", "health", folder / "object.yaml"]
    command += ["--argocd-cm-path", folder / "config.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
