"""The model as others use it: by MLflow in a fresh process, and over HTTP, text in and class name out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from endpoints import Endpoint, serving
from graft_steps.checks import StepError
from kube_api import ApiServer
from text_classifier import dataset, endpoint, exporting, inference_service, objects
from text_classifier.steps import deploying
from text_classifier_small import Trained, run_python, service


@pytest.fixture(scope="module")
def served(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving("text-classifier", str(trained.model), tmp_path_factory.mktemp("served") / "log") as started:
        yield started


def texts(trained: Trained, count: int = 12) -> list[str]:
    return list(dataset.read(trained.data)[0].test.texts[:count])


def test_text_in_class_name_out(served: Endpoint, trained: Trained) -> None:
    asked = texts(trained)
    expected, _ = exporting.served(trained.model, asked)
    status, answer = served.ask(asked)
    assert (status, answer["status"], answer["value"]["class"]) == (200, "success", expected)
    assert all(sum(row) == pytest.approx(1, abs=1e-5) for row in answer["value"]["probabilities"])
    assert served.ask([asked[0].upper() + "!!"])[1]["value"]["class"] == expected[:1]


@pytest.mark.parametrize("body", [b"{}", b'{"text": "a"}', b'{"value": null}', b"{", b"value=1", b"\xff"])
def test_a_missing_value_and_a_malformed_body_are_bad_requests(served: Endpoint, body: bytes) -> None:
    status, answer = served.post(body)
    assert (status, list(answer)) == (400, ["error"])


@pytest.mark.parametrize("value", ["one text", [["nested"]], [""], ["words", " ?! "], {"text": "a"}])
def test_what_the_model_cannot_answer_is_told_from_a_bad_request(
    served: Endpoint, value: Any, trained: Trained
) -> None:
    status, answer = served.ask(value)
    assert (status, list(answer)) == (422, ["error"])
    assert answer["error"].startswith("text-classifier cannot answer: ")
    assert served.ask(texts(trained, 1))[0] == 200


def test_mlflow_loads_it_in_a_fresh_process_without_any_package_of_ours(trained: Trained, tmp_path: Path) -> None:
    program = (
        "import json, sys, numpy, mlflow.pyfunc\n"
        "model = mlflow.pyfunc.load_model(sys.argv[1])\n"
        "assert model.metadata.signature.inputs.inputs[0].shape == (-1,) and model.input_example is not None\n"
        "print(json.dumps(model.predict(numpy.array(json.loads(sys.argv[2])))['class'].tolist()))\n"
        "assert not any(name.startswith(('graft_steps', 'text_classifier')) for name in sys.modules)\n"
    )
    asked = texts(trained)
    done = run_python(program, tmp_path, str(trained.model), json.dumps(asked))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == exporting.served(trained.model, asked)[0]


def test_here_the_step_starts_the_server_asks_it_and_ends_it(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2] / "shared" / "src"))
    monkeypatch.setenv(deploying.NAME, "text-classifier")
    found = deploying.deploy(trained.data, trained.evaluation, str(trained.model), "1", 120, tmp_path / "summary.md")
    assert found.url.startswith("http://127.0.0.1:") and found.seconds > 0
    assert "20 test texts" in (tmp_path / "summary.md").read_text()
    with pytest.raises(StepError, match="no answer"):
        endpoint.ask(found.url, "text-classifier", b"{}")


def test_a_server_that_cannot_load_the_model_fails_the_step_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="the endpoint ended; it said: "), endpoint.local("x", str(tmp_path), 60):
        pass


def test_an_endpoint_that_serves_another_model_fails_the_step(served: Endpoint, trained: Trained) -> None:
    url, asked = served.url.partition("/v1/")[0], texts(trained)
    expected, _ = exporting.served(trained.model, asked)
    wrong = ["harbour" if name != "harbour" else "kitchen" for name in expected]
    with pytest.raises(StepError, match="another version is served"):
        endpoint.probe(url, "text-classifier", asked, wrong)
    with pytest.raises(StepError, match="answered 404 to 12 test texts"):
        endpoint.probe(url, "other-name", asked, expected)


@pytest.fixture
def cluster(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ApiServer:
    """The API server of the cluster that this process is made to be in."""
    namespace = tmp_path / "namespace"
    namespace.write_text("ml-test")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "here")
    monkeypatch.setenv(deploying.NAME, "text-classifier")
    monkeypatch.setattr(objects, "_own", lambda: api_server.client)
    monkeypatch.setattr(objects, "NAMESPACE_FILE", namespace)
    return api_server


@pytest.mark.parametrize("canary", [100, 10])
def test_in_a_cluster_the_step_gives_the_service_the_version_waits_and_asks_it(
    canary: int,
    served: Endpoint,
    trained: Trained,
    tmp_path: Path,
    cluster: ApiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def control(made: dict[str, Any]) -> None:
        ready = [{"type": "Ready", "status": "True"}]
        address = {"url": served.url.partition("/v1/")[0]}
        status = {"observedGeneration": 2, "conditions": ready, "address": address}
        cluster.set_status(made["metadata"]["name"], status)

    cluster.controller = control
    cluster.objects["text-classifier"] = service(canary=canary)
    places = (trained.data, trained.evaluation)
    found = deploying.deploy(*places, "s3://b/models/3", "3", 9, tmp_path / "summary.md")
    assert found.url == served.url.partition("/v1/")[0]
    assert cluster.sent()["spec"]["predictor"]["model"]["storageUri"] == "s3://b/models/3"

    monkeypatch.setenv("PACKAGE_EMBEDDED", "1")
    with pytest.raises(StepError, match="deploy: the lightweight build runs on the base image"):
        deploying.deploy(*places, "s3://b/models/3", "3", 9, tmp_path / "summary.md")


def test_a_service_that_is_not_ready_fails_the_step(
    trained: Trained, tmp_path: Path, cluster: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.objects["text-classifier"] = service()
    monkeypatch.setattr(inference_service.time, "sleep", lambda seconds: None)
    with pytest.raises(StepError, match="not ready after 1 s: KServe has not looked at it"):
        deploying.deploy(trained.data, trained.evaluation, "s3://b/m", "1", 1, tmp_path / "summary.md")
