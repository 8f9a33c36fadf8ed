"""The InferenceService that the environment declares: given a version and waited for; a pinned one is left alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from graft_steps.checks import StepError
from kube_api import ApiServer
from text_classifier import inference_service, objects
from text_classifier.inference_service import Served
from text_classifier_small import service

URI = "s3://ml-test/models/text-classifier/3"
ADDRESS = "http://text-classifier.ml-test.svc.cluster.local"


def status(ready: str, generation: int = 2, **more: Any) -> dict[str, Any]:
    predictor = {"type": "PredictorReady", "status": ready, "reason": "MinimumReplicasUnavailable", "message": "0 of 1"}
    return {
        "observedGeneration": generation,
        "conditions": [{"type": "Ready", "status": ready}, predictor],
        "address": {"url": ADDRESS},
        **more,
    }


def deploy(
    server: ApiServer, *states: dict[str, Any], version: str = "3", longest: float = 30.0
) -> tuple[Served, list[str]]:
    """Deploy while KServe's controller gives the service these states, one after the other."""

    def control(found: dict[str, Any]) -> None:
        def act() -> None:
            for state in states:
                server.set_status(found["metadata"]["name"], state)
                threading.Event().wait(0.1)

        threading.Thread(target=act, daemon=True).start()

    server.controller = control
    group, number = inference_service.API_VERSION.split("/")
    kind = objects.Kind(server.client, group, number, inference_service.PLURAL, "ml-test")
    said: list[str] = []
    found = inference_service.deploy(kind, "text-classifier", URI, version, longest, said.append, pause=0.02)
    return found, said


@pytest.fixture
def declared(api_server: ApiServer) -> ApiServer:
    """The API server, which has the service as the environment declares it."""
    api_server.objects["text-classifier"] = service(canary=10)
    return api_server


def test_it_changes_the_version_and_nothing_else_and_returns_the_address_when_it_is_ready(declared: ApiServer) -> None:
    served, said = deploy(declared, status("Unknown"), status("False"), status("True"))
    assert served == Served(ADDRESS, 10)
    assert said == [f"InferenceService text-classifier in ml-test is to serve version 3, {URI}"]
    expected = service(canary=10)["spec"]
    expected["predictor"]["model"]["storageUri"] = URI
    assert declared.sent()["spec"] == expected
    path = "/apis/serving.kserve.io/v1beta1/namespaces/ml-test/inferenceservices/text-classifier"
    assert [request for request in declared.requests if request[0] != "GET"] == [("PATCH", path)]


def test_one_that_is_pinned_to_another_version_goes_on_serving_that(api_server: ApiServer) -> None:
    pinned = service(pinned="2") | {"status": status("True", 1)}
    api_server.objects["text-classifier"] = pinned
    served, [said] = deploy(api_server)
    assert served == Served(ADDRESS, 0) and "is pinned to version 2, and goes on serving that" in said
    assert api_server.sent() == pinned and {verb for verb, _ in api_server.requests} == {"GET"}
    assert deploy(api_server, version="2") == (Served(ADDRESS, 100), [])


def test_without_a_service_it_says_who_makes_one(api_server: ApiServer) -> None:
    with pytest.raises(StepError, match=r"no InferenceService text-classifier in ml-test: .*text-classifier.serve"):
        deploy(api_server)


def test_a_change_waits_for_itself_and_not_for_what_was_ready_before(declared: ApiServer) -> None:
    declared.set_status("text-classifier", status("True", 1))
    with pytest.raises(StepError, match=r"not ready after 0.3 s: KServe has not looked at it"):
        deploy(declared, longest=0.3)


def test_a_service_that_does_not_become_ready_fails_the_step_and_says_why(declared: ApiServer) -> None:
    with pytest.raises(StepError, match=r"not ready after 0.4 s: PredictorReady: MinimumReplicasUnavailable 0 of 1"):
        deploy(declared, status("False"), longest=0.4)


def test_a_model_that_cannot_be_loaded_fails_the_step_at_once(declared: ApiServer) -> None:
    failure = {"modelStatus": {"lastFailureInfo": {"reason": "ModelLoadFailed", "message": "no such bucket"}}}
    with pytest.raises(StepError, match="ModelLoadFailed: no such bucket"):
        deploy(declared, status("False", **failure), longest=30)
