"""`operations` starts each run once on Kubeflow Pipelines, against a real API server and a server of KFP's API."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cluster import operations
from cluster.apiserver import ApiServer
from cluster.operations import COMPONENT, OWN, Namespace, cron_job, intent
from cluster.process import Process, wait_until

sys.path.append(str(COMPONENT / "tests"))

import kfp_server
import kfp_state

PROGRAM = COMPONENT / "tests" / "kfp_server.py"
FIRST_PORT = 21000
LEASE = "--lease=15"  # longer than a late request takes, as the true one is


@dataclass
class Kubeflow:
    """The namespace, KFP's server beside it, and the file of the server's state."""

    namespace: Namespace
    file: Path
    port: int
    more: tuple[str, ...] = ()
    process: Process | None = field(default=None)

    def serve(self) -> None:
        command = [sys.executable, PROGRAM, str(self.port), self.file]
        self.process = self.namespace.server.sandbox.start(f"kfp-{self.port}", command)

    def options(self, *more: str) -> tuple[str, ...]:
        return (f"--api=http://127.0.0.1:{self.port}", "--experiment=pipelines", *self.more, *more)

    def start(self, run: str, *more: str, version: str = "churn-1") -> tuple[int, str]:
        return self.namespace.start(run, *self.options(*more), version=version, engine="kubeflow")

    def start_command(self, run: str, *more: str) -> Any:
        return self.namespace.start_command("start", *Namespace.of(run), *self.options(*more), engine="kubeflow")

    def sweep(self, *more: str) -> tuple[int, str]:
        return self.namespace.operations("sweep", *self.options(*more), engine="kubeflow")

    def change(self, do: Callable[[dict[str, Any]], Any] = lambda known: None) -> dict[str, Any]:
        return kfp_state.change(self.file, do)

    def runs(self) -> list[dict[str, Any]]:
        return self.change()["runs"]

    def end(self, state: str, **more: Any) -> None:
        """End the newest run, as KFP's persistence agent reports it."""
        over = {"state": state, "finished_at": "2026-11-27T10:00:11Z", **more}
        self.change(lambda known: known["runs"][-1].update(over))


@pytest.fixture
def kubeflow(api_server: ApiServer, tmp_path: Path) -> Iterator[Kubeflow]:
    """A pipeline with two versions in a namespace, as a server in multi-user mode knows them, and its token."""
    own = operations.namespace(api_server)
    own.create(*map(version, ("churn-1", "churn-2")))
    token = tmp_path / "token"
    token.write_text("secret\n")
    file = tmp_path / "state.json"
    pipeline = kfp_state.pipeline(own.name, "churn", churn_1=uid(own, "churn-1"), churn_2=uid(own, "churn-2"))
    kfp_state.save(file, kfp_state.state(pipelines=[pipeline], token="secret"))
    found = Kubeflow(own, file, FIRST_PORT + int(own.name.rpartition("-")[2]), (f"--token-file={token}",))
    found.serve()
    yield found
    found.process.stop()


def version(name: str, labels: dict[str, str] = OWN) -> dict[str, Any]:
    """A PipelineVersion as graft labels its own."""
    spec = {"pipelineName": "churn", "pipelineSpec": {"root": {"dag": {"tasks": {}}}}}
    kind = {"apiVersion": "pipelines.kubeflow.org/v2beta1", "kind": "PipelineVersion"}
    return kind | {"metadata": {"name": name, "labels": labels}, "spec": spec}


def uid(namespace: Namespace, name: str) -> str:
    return namespace.get("pipelineversion", name)["metadata"]["uid"]


def test_a_run_is_started_by_the_names_of_its_pipeline_and_version(kubeflow: Kubeflow) -> None:
    status, printed = kubeflow.start("merge-1", "--account=default-editor")
    assert status == 0, printed

    (run,), (experiment,) = kubeflow.runs(), kubeflow.change()["experiments"]
    assert run["experiment_id"] == experiment["experiment_id"] and experiment["namespace"] == kubeflow.namespace.name
    assert run["pipeline_version_reference"]["pipeline_version_id"] == uid(kubeflow.namespace, "churn-1")
    assert (run["display_name"], run["service_account"]) == ("merge-1", "default-editor")
    assert "graft.dev/definition: 4dbb8e3ec3" in run["description"]
    record = kubeflow.namespace.record("merge-1")
    assert (record["phase"], record["id"]) == ("Running", run["run_id"])


def test_a_version_that_was_made_anew_is_run_by_its_new_id(kubeflow: Kubeflow) -> None:
    kubeflow.start("merge-1")
    kubeflow.change(lambda known: known["pipelines"][0]["versions"].update({"churn-1": "anew"}))

    kubeflow.start("merge-2")
    assert kubeflow.runs()[-1]["pipeline_version_reference"]["pipeline_version_id"] == "anew"


def test_many_that_start_a_run_at_once_start_one(kubeflow: Kubeflow) -> None:
    processes = [kubeflow.start_command("merge-1") for _ in range(4)]
    printed = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, printed
    assert [run["display_name"] for run in kubeflow.runs()] == ["merge-1"]


@pytest.mark.parametrize("fault", ["unanswered", "late", "503"])
def test_a_request_that_is_not_answered_starts_one_run(fault: str, kubeflow: Kubeflow) -> None:
    kubeflow.change(lambda known: known["faults"].update({"POST runs": fault}))

    status, printed = kubeflow.start("merge-1", LEASE)
    assert status == 0, printed
    time.sleep(kfp_server.LATE if fault == "late" else 0)
    assert len(kubeflow.runs()) == 1


def test_a_pod_that_is_killed_while_its_request_is_carried_out_leaves_one_run(kubeflow: Kubeflow) -> None:
    kubeflow.change(lambda known: known["faults"].update({"POST runs": "late"}))
    process = kubeflow.start_command("merge-1", LEASE)
    wait_until(lambda: not kubeflow.change()["faults"], "the request to arrive", [])
    process.kill()
    process.wait(30)

    status, printed = kubeflow.start("merge-1", LEASE)
    assert status == 0, printed
    assert len(kubeflow.runs()) == 1


def test_a_run_is_followed_while_the_server_is_started_again(kubeflow: Kubeflow) -> None:
    process = kubeflow.start_command("merge-1", "--wait")
    wait_until(lambda: kubeflow.runs(), "the run to begin", [])
    kubeflow.process.stop()
    time.sleep(1)
    kubeflow.serve()
    kubeflow.end("SUCCEEDED")

    printed = process.communicate(timeout=120)[0]
    assert process.returncode == 0, printed
    assert kubeflow.namespace.record("merge-1")["phase"] == "Succeeded"


def test_a_run_that_fails_says_which_step_did(kubeflow: Kubeflow) -> None:
    kubeflow.start("merge-1")
    tasks = [
        {"task_id": "1", "display_name": "root", "state": "FAILED", "child_tasks": [{"task_id": "2"}]},
        {"task_id": "2", "display_name": "train", "state": "FAILED", "parent_task_id": "1"},
    ]
    history = [{"state": "FAILED", "error": {"code": 13, "message": "exit code 1"}}]
    kubeflow.end("FAILED", run_details={"task_details": tasks}, state_history=history)

    assert kubeflow.start("merge-1", "--wait")[0] == 1
    record = kubeflow.namespace.record("merge-1")
    assert (record["phase"], record["step"], record["message"]) == ("Failed", "train", "exit code 1")


def test_a_run_that_is_refused_may_be_asked_for_again(kubeflow: Kubeflow) -> None:
    kubeflow.change(lambda known: known["faults"].update({"POST runs": "400"}))

    status, printed = kubeflow.start("merge-1", "--wait")
    assert (status, "refuses the run merge-1: HTTP 400: answered 400" in printed) == (2, True), printed
    assert kubeflow.namespace.record("merge-1")["phase"] == "Refused"
    assert kubeflow.start("merge-1")[0] == 0
    assert len(kubeflow.runs()) == 1


def test_a_wrong_token_and_an_unknown_version_are_given_up(kubeflow: Kubeflow) -> None:
    status, printed = kubeflow.start("merge-1", "--give-up=2", version="churn-9")
    assert (status, "the pipeline churn has no version churn-9" in printed) == (2, True), printed
    kubeflow.change(lambda known: known.update(token="another"))
    status, printed = kubeflow.start("merge-2", "--give-up=2")
    assert (status, "HTTP 401" in printed, kubeflow.runs()) == (2, True, []), printed


def test_in_single_user_mode_nothing_has_a_namespace(kubeflow: Kubeflow) -> None:
    kubeflow.change(lambda known: known.update(mode="single-user"))
    kubeflow.change(lambda known: known["pipelines"][0].update(namespace=""))

    status, printed = kubeflow.start("merge-1", "--mode=single-user")
    assert status == 0, printed
    assert all("namespace" not in (query or {}) for _, _, query, _ in kubeflow.change()["requests"])


def test_a_sweep_records_runs_and_deletes_versions_that_nothing_names(kubeflow: Kubeflow) -> None:
    own = kubeflow.namespace
    own.create(
        *(version(f"churn-{number}") for number in range(3, 8)), version("foreign-1", {"graft.dev/definition": "a"})
    )
    own.create(intent(version="churn-2"), cron_job("start --version=churn-3"))
    kubeflow.start("merge-1")
    recurring = {"pipeline_version_reference": {"pipeline_version_id": uid(own, "churn-4")}}
    kubeflow.change(lambda known: known["recurring"].append(recurring))
    kubeflow.start("done-1", version="churn-2")
    kubeflow.end("SUCCEEDED")

    status, printed = kubeflow.sweep("--keep=1")
    assert status == 0, printed
    kept = set(own.names("pipelineversions"))
    assert {"churn-1", "churn-2", "churn-3", "churn-4", "foreign-1"} <= kept and len(kept) == 6, (kept, printed)
    assert (own.record("done-1")["phase"], own.record("merge-1")["phase"]) == ("Succeeded", "Running")


def test_nothing_is_deleted_while_kfp_cannot_be_asked(kubeflow: Kubeflow) -> None:
    kubeflow.process.stop()

    status, printed = kubeflow.sweep("--keep=1")
    assert (status, "nothing is deleted" in printed) == (1, True), printed
    assert kubeflow.namespace.names("pipelineversions") == ["churn-1", "churn-2"]
    kubeflow.serve()


def test_whatever_kfp_was_asked_it_has_understood(kubeflow: Kubeflow) -> None:
    kubeflow.start("merge-1")
    kubeflow.sweep("--keep=1")

    paths = {(method, path) for method, path, _, _ in kubeflow.change()["requests"]}
    assert {("POST", "runs"), ("POST", "experiments"), ("GET", "recurringruns")} <= paths
    assert json.loads(kubeflow.file.read_text())["faults"] == {}
