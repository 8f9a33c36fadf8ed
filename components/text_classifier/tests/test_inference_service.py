"""The InferenceService that is sent, and the waiting: ready, not ready, failed, updated under the same name."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from graft_steps.checks import StepError
from kube_api import ApiServer, document_problems
from text_classifier import inference_service, objects
from text_classifier_small import DIGEST, service

URI = "s3://ml-test/models/text-classifier/3"


def made(**changed: Any) -> dict[str, Any]:
    return inference_service.manifest(service(**changed), URI, "3")


def test_it_serves_the_registered_model_by_the_same_server_under_a_stable_name() -> None:
    found = made(canary=10)
    predictor = found["spec"]["predictor"]
    model = predictor["model"]
    assert found["metadata"]["name"] == "text-classifier" and found["metadata"]["annotations"] == {"model-version": "3"}
    assert (predictor["canaryTrafficPercent"], model["storageUri"], model["image"]) == (10, URI, DIGEST)
    assert model["command"] == ["python", "-m", "graft_steps.serving"]
    assert model["args"] == ["--model_name=text-classifier", "--model_uri=/mnt/models", "--http_port=8080"]
    assert model["resources"]["requests"] == {"cpu": "100m", "memory": "1Gi"}


def test_it_is_valid_by_kserve_s_definition_and_a_misspelling_is_not() -> None:
    found = document_problems(made(canary=10), inference_service.PLURAL)
    if found is None:
        pytest.skip("not run: the folder shared/crds is not beside the repository")
    assert found == []
    wrong = made()
    wrong["spec"]["predictor"]["canaryTraffic"] = 5
    assert "canaryTraffic" in str(document_problems(wrong, inference_service.PLURAL))


def test_what_is_no_service_and_an_image_without_a_digest_are_refused() -> None:
    with pytest.raises(StepError, match=r"no InferenceService of serving.kserve.io/v1beta1"):
        inference_service.manifest({"kind": "Service"}, URI, "1")
    document = service()
    document["spec"]["predictor"]["model"]["image"] = "text-classifier:latest"
    with pytest.raises(StepError, match="not named by digest"):
        inference_service.manifest(document, URI, "1")


def status(ready: str, generation: int = 1, **more: Any) -> dict[str, Any]:
    predictor = {"type": "PredictorReady", "status": ready, "reason": "MinimumReplicasUnavailable", "message": "0 of 1"}
    return {
        "observedGeneration": generation,
        "conditions": [{"type": "Ready", "status": ready}, predictor],
        "address": {"url": "http://text-classifier.ml-test.svc.cluster.local"},
        **more,
    }


def deploy(server: ApiServer, *states: dict[str, Any], longest: float = 30.0) -> tuple[str, list[str]]:
    """Deploy while KServe's controller gives the service these states, one after the other."""

    def control(found: dict[str, Any]) -> None:
        def act() -> None:
            for state in states:
                server.set_status(found["metadata"]["name"], state)
                threading.Event().wait(0.1)

        threading.Thread(target=act, daemon=True).start()

    server.controller = control
    kind = objects.Kind.of(made(), inference_service.PLURAL, server.client)
    said: list[str] = []
    return inference_service.deploy(kind, made(), longest, said.append, pause=0.02), said


def test_it_waits_until_the_service_is_ready_and_returns_its_address(api_server: ApiServer) -> None:
    url, said = deploy(api_server, status("Unknown"), status("False"), status("True"))
    assert url == "http://text-classifier.ml-test.svc.cluster.local"
    assert said == ["InferenceService text-classifier in ml-test: made"]
    assert ("POST", "/apis/serving.kserve.io/v1beta1/namespaces/ml-test/inferenceservices") in api_server.requests


def test_an_update_waits_for_itself_and_not_for_what_was_ready_before(api_server: ApiServer) -> None:
    deploy(api_server, status("True"))
    with pytest.raises(StepError, match=r"not ready after 0.3 s: KServe has not looked at it"):
        deploy(api_server, longest=0.3)
    url, said = deploy(api_server, status("True", generation=2), status("True", generation=3))
    assert url and said == ["InferenceService text-classifier in ml-test: updated"]
    assert api_server.sent()["metadata"]["generation"] == 3


def test_a_service_that_does_not_become_ready_fails_the_step_and_says_why(api_server: ApiServer) -> None:
    with pytest.raises(StepError, match=r"not ready after 0.4 s: PredictorReady: MinimumReplicasUnavailable 0 of 1"):
        deploy(api_server, status("False"), longest=0.4)


def test_a_model_that_cannot_be_loaded_fails_the_step_at_once(api_server: ApiServer) -> None:
    failure = {"modelStatus": {"lastFailureInfo": {"reason": "ModelLoadFailed", "message": "no such bucket"}}}
    with pytest.raises(StepError, match="ModelLoadFailed: no such bucket"):
        deploy(api_server, status("False", **failure), longest=30)
