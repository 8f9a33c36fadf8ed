"""A TFJob through an API server: its pods run, the step waits, and fails where the job does."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graft_steps.checks import StepError
from kube_api import ApiServer
from text_classifier import cluster, dataset, embeddings, jobs, objects, processes, tfjob
from text_classifier.steps import learning
from text_classifier_small import SOURCES, Small, job, task

WORK = tfjob.Work("work-claim", "/workdir", "/workdir/one")


def kind(server: ApiServer) -> objects.Kind:
    return objects.Kind(server.client, "kubeflow.org", "v1", "tfjobs", "ml-test", pause=0.01)


def ran(server: ApiServer, deadline: float = 60.0) -> tuple[str, list[str]]:
    said: list[str] = []
    sent = tfjob.manifest(job(), WORK, {})
    return jobs.run(kind(server), sent, deadline, said.append, pause=0.02), said


def condition(of: str, reason: str = "", message: str = "") -> dict[str, Any]:
    return {"conditions": [{"type": of, "status": "True", "reason": reason, "message": message}]}


def ends(server: ApiServer, *states: dict[str, Any]) -> None:
    """Let the operator give a job these states, one after the other."""

    def operate(made: dict[str, Any]) -> None:
        def act() -> None:
            for state in states:
                server.set_status(made["metadata"]["name"], state)
                threading.Event().wait(0.1)

        threading.Thread(target=act, daemon=True).start()

    server.controller = operate


def test_a_job_that_succeeds_is_waited_for_and_told_of(api_server: ApiServer) -> None:
    running = {"replicaStatuses": {"Chief": {"active": 1}, "Worker": {"active": 1}}, **condition("Running")}
    ends(api_server, running, condition("Succeeded"))
    name, said = ran(api_server)
    assert name == "text-classifier-x7k2p"
    assert "TFJob text-classifier-x7k2p: Chief 1 active, Worker 1 active" in said
    assert said[-1] == "TFJob text-classifier-x7k2p: Succeeded"
    assert name in api_server.objects


def test_the_step_fails_with_the_job_and_says_why(api_server: ApiServer) -> None:
    ends(api_server, condition("Running"), condition("Failed", "BackoffLimitExceeded", "Chief failed 3 times"))
    with pytest.raises(StepError, match="failed: BackoffLimitExceeded: Chief failed 3 times"):
        ran(api_server)
    assert api_server.objects  # kept for people, until its time to live is over


def test_a_job_that_nobody_runs_is_given_up_and_deleted(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "GRACE", 0.1)
    with pytest.raises(StepError, match=r"has not ended after 0.2 s, so it was deleted: is the training operator"):
        ran(api_server, deadline=0.1)
    assert not api_server.objects


def test_a_step_that_is_ended_takes_its_job_along(api_server: ApiServer) -> None:
    def end(made: dict[str, Any]) -> None:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    api_server.controller, before = end, signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit, match="ended from outside"):
        ran(api_server)
    assert not api_server.objects and signal.getsignal(signal.SIGTERM) == before


def test_a_job_that_a_person_deletes_fails_the_step(api_server: ApiServer) -> None:
    api_server.controller = lambda made: threading.Timer(0.1, api_server.objects.clear).start()
    with pytest.raises(StepError, match="was deleted before it had ended"):
        ran(api_server)


def test_an_api_server_that_fails_for_a_while_is_asked_again(api_server: ApiServer) -> None:
    def operate(made: dict[str, Any]) -> None:
        api_server.failures = 3
        api_server.objects[made["metadata"]["name"]]["status"] = condition("Succeeded")

    api_server.controller = operate
    assert ran(api_server)[1][-1].endswith("Succeeded")
    api_server.failures, api_server.objects = 5, {}
    with pytest.raises(StepError, match=r"create tfjobs[.]kubeflow[.]org in ml-test: 503"):
        ran(api_server)


def test_what_the_cluster_does_not_know_or_take_is_said(api_server: ApiServer) -> None:
    with pytest.raises(StepError, match=r"404.*the cluster does not know this kind"):
        objects.Kind(api_server.client, "nowhere.org", "v1", "things", "ml-test").create({"metadata": {}})
    nobody = objects.Kind(ApiServer("http://127.0.0.1:9").client, "kubeflow.org", "v1", "tfjobs", "ml-test", pause=0.01)
    with pytest.raises(StepError, match=r"http://127.0.0.1:9: no answer"):
        nobody.get("x")


def test_the_step_makes_one_model_of_two_pods_which_is_that_of_one_process(
    api_server: ApiServer, small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole step as it runs in a cluster, but that an operator on this machine starts the pods as processes."""
    wanted = task(small, epochs=2, batch_size=100, dropout=0.0)
    said: list[str] = []

    def operate(made: dict[str, Any]) -> None:
        threading.Thread(target=run_pods, args=(made,), daemon=True).start()

    def run_pods(made: dict[str, Any]) -> None:
        specs = made["spec"]["tfReplicaSpecs"]
        (folder,) = {each["template"]["spec"]["containers"][0]["command"][-1] for each in specs.values()}
        processes.run(Path(folder), {name: each["replicas"] for name, each in specs.items()}, 100, said.append)
        api_server.set_status(made["metadata"]["name"], condition("Succeeded"))

    api_server.controller = operate
    for name, value in {"KUBERNETES_SERVICE_HOST": "here", "WORKDIR": str(tmp_path / "claim")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(SOURCES))
    monkeypatch.setattr(objects, "_own", lambda: api_server.client)
    monkeypatch.setattr(learning.jobs, "run", partial(jobs.run, pause=0.2))
    used = learning.train_distributed(wanted, job(), {}, "work-claim", tmp_path / "model")

    assert (used["branch"], used["processes"], used["started"] <= used["finished"]) == ("distributed", 2, True)
    assert {line.split(":")[0] for line in said if "epoch" in line} == {"chief 0"}  # one tells, and one writes
    sent = api_server.sent()["spec"]["tfReplicaSpecs"]["Chief"]["template"]["spec"]
    assert sent["volumes"][0]["persistentVolumeClaim"] == {"claimName": "work-claim"}
    assert sent["containers"][0]["volumeMounts"][0]["mountPath"] == str(tmp_path / "claim")
    assert list((tmp_path / "claim").iterdir()) == []  # the step leaves nothing in the claim
    _is_that_of_one_process(wanted, tmp_path / "model")


def _is_that_of_one_process(wanted: learning.Task, model: Path) -> None:
    from graft_steps.models import facts_of
    from graft_steps.tensorflow_runtime import tf
    from text_classifier import exporting, mirrored, network, workfolder

    data, _ = dataset.read(wanted.data)
    work = workfolder.Work(data, embeddings.matrix(wanted.embeddings, data.tokenizer), wanted.network, wanted.training)
    alone = cluster.Place("worker", 0, {"worker": 1})
    made, fitted = mirrored.fit(work, tf.distribute.get_strategy(), alone, lambda line: None)
    np.testing.assert_allclose(facts_of(model)["curves"]["validation"], fitted.validation_loss, rtol=1e-4)
    _, answers = exporting.served(model, data.test.texts)
    # Two pods add gradients up in another order: 0.0012 at most was seen on one processor, under 0.0001 on another.
    np.testing.assert_allclose(answers, network.probabilities(made, data.numbers("test")[0]), atol=2e-3)


def test_the_step_fails_where_a_pod_does(
    api_server: ApiServer, small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api_server.controller = lambda made: api_server.set_status(
        made["metadata"]["name"], condition("Failed", "PodFailed", "x")
    )
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "here")
    monkeypatch.setenv("WORKDIR", str(tmp_path / "claim"))
    monkeypatch.setattr(objects, "_own", lambda: api_server.client)
    with pytest.raises(StepError, match="failed: PodFailed"):
        learning.train_distributed(task(small), job(), {}, "work-claim", tmp_path / "model")
    assert not (tmp_path / "model").exists() and list((tmp_path / "claim").iterdir()) == []


def test_the_lightweight_build_makes_no_job(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "here")
    monkeypatch.setenv("WORKDIR", str(tmp_path))
    monkeypatch.setenv("PACKAGE_EMBEDDED", "1")
    with pytest.raises(StepError, match="distributed: the lightweight build runs on the base image"):
        learning.train_distributed(task(small), job(), {}, "work-claim", tmp_path / "model")
