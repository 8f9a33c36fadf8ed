"""`operations` starts each run once on Argo Workflows, records its end and cleans up, against a real API server.

No controller runs here: what Argo's would write into a Workflow, a test writes itself; `test_operations_argo` has the
real one.
"""

from __future__ import annotations

import json

import pytest
from cluster import operations
from cluster.apiserver import ApiServer
from cluster.operations import OWN, Namespace, cron_job, cron_workflow, ended, intent, template, workflow
from cluster.process import wait_until


@pytest.fixture
def namespace(api_server: ApiServer) -> Namespace:
    """A namespace of the test's own, with two versions of a pipeline."""
    own = operations.namespace(api_server)
    own.create(template("churn-1"), template("churn-2"))
    return own


def test_a_run_carries_the_labels_of_its_version_and_is_recorded(namespace: Namespace) -> None:
    assert namespace.start("merge-1")[0] == 0

    labels = namespace.get("workflow", "merge-1")["metadata"]["labels"]
    assert labels == {**OWN, "graft.dev/content": "churn-1", "graft.dev/run": "merge-1"}
    record = namespace.record("merge-1")
    assert (record["phase"], record["version"], record["pipeline"]) == ("Running", "churn-1", "churn")


def test_a_run_is_followed_to_its_end(namespace: Namespace) -> None:
    process = namespace.start_command("start", *namespace.of("merge-1"), "--wait")
    wait_until(lambda: "merge-1" in namespace.names("workflows"), "the run to begin", [])
    namespace.patch("workflow", "merge-1", ended("merge-1"))

    printed = process.communicate(timeout=60)[0]
    assert process.returncode == 0, printed
    record = namespace.record("merge-1")
    assert json.loads(record["outputs"]) == {"parameters": {"version": "7"}, "metrics": {"gate: accuracy": 0.79}}
    assert (record["phase"], record["finished"]) == ("Succeeded", "2026-11-27T10:00:11Z")


def test_a_run_that_fails_fails_whoever_waits_for_it_now_or_later(namespace: Namespace) -> None:
    namespace.start("merge-1")
    namespace.patch("workflow", "merge-1", ended("merge-1", "Failed"))

    assert namespace.start("merge-1", "--wait")[0] == 1
    record = namespace.record("merge-1")
    assert (record["phase"], record["step"], record["message"]) == ("Failed", "gate", "main: Error (exit code 1)")
    namespace.kubectl("delete", "workflow", "merge-1")
    status, printed = namespace.start("merge-1", "--wait")
    assert (status, namespace.names("workflows")) == (1, []), printed


def test_an_expired_run_is_not_started_again(namespace: Namespace) -> None:
    namespace.start("merge-1")
    namespace.patch("workflow", "merge-1", ended("merge-1"))
    namespace.start("merge-1", "--wait")
    namespace.kubectl("delete", "workflow", "merge-1")

    assert namespace.start("merge-1", "--wait")[0] == 0
    assert namespace.names("workflows") == []


def test_a_run_whose_end_nobody_saw_is_lost_and_not_started_again(namespace: Namespace) -> None:
    namespace.start("merge-1")
    namespace.kubectl("delete", "workflow", "merge-1")

    status, printed = namespace.start("merge-1", "--wait")
    assert (status, namespace.names("workflows")) == (1, []), printed
    assert namespace.record("merge-1")["phase"] == "Lost"


def test_many_that_start_a_run_at_once_start_one(namespace: Namespace) -> None:
    processes = [namespace.start_command("start", *namespace.of("merge-1")) for _ in range(4)]
    printed = [process.communicate(timeout=120)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, printed
    assert (namespace.names("workflows"), "".join(printed).count("started merge-1")) == (["merge-1"], 1)


def test_a_claim_whose_holder_has_died_is_taken_over(namespace: Namespace) -> None:
    data = {"phase": "Starting", "holder": "dead", "claimed": "2026-11-27T10:00:00Z"}
    named = {"run": "merge-1", "pipeline": "churn", "version": "churn-1"}
    record = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "run-merge-1"}, "data": {**data, **named}}
    namespace.create(record)

    assert namespace.start("merge-1")[0] == 0
    assert namespace.names("workflows") == ["merge-1"]


def test_a_workflow_of_that_name_that_is_not_grafts_is_left_alone(namespace: Namespace) -> None:
    foreign = template("merge-1") | {"kind": "Workflow", "metadata": {"name": "merge-1"}}
    namespace.create(foreign)

    status, printed = namespace.start("merge-1", "--wait")
    assert (status, "none of graft's" in printed) == (2, True), printed


def test_a_version_that_is_not_there_is_waited_for_and_then_given_up(namespace: Namespace) -> None:
    status, printed = namespace.start("merge-1", "--give-up=2", version="churn-9")

    assert (status, 'workflowtemplates.argoproj.io "churn-9" not found' in printed) == (2, True), printed


def test_a_sweep_records_what_a_schedule_has_started_and_what_is_lost(namespace: Namespace) -> None:
    scheduled = {"name": "churn-1796000000", "labels": {"workflows.argoproj.io/cron-workflow": "churn"}}
    body = {"workflowTemplateRef": {"name": "churn-2"}}
    foreign = {"name": "someone", "labels": {}}
    namespace.create(*(workflow(metadata, body) for metadata in (scheduled,)), workflow(foreign, template("x")["spec"]))
    for name in ("churn-1796000000", "someone"):
        namespace.patch("workflow", name, ended(name))
    namespace.start("merge-1")
    namespace.kubectl("delete", "workflow", "merge-1")

    status, printed = namespace.operations("sweep", "--keep=5")
    assert status == 0, printed
    assert namespace.record("churn-1796000000")["version"] == "churn-2"
    assert namespace.record("merge-1")["phase"] == "Lost"
    assert "run-someone" not in namespace.names("configmaps")


def test_a_sweep_deletes_what_nothing_names(namespace: Namespace) -> None:
    foreign = {key: value for key, value in OWN.items() if key != "app.kubernetes.io/managed-by"}
    names = [f"churn-{number}" for number in range(3, 9)]
    namespace.create(*map(template, names), template("foreign-1", foreign))
    namespace.create(
        intent(version="churn-3"),
        cron_workflow("churn-4"),
        cron_job("operations start --version=churn-5 --run=churn"),
        workflow({"name": "live"}, {"workflowTemplateRef": {"name": "churn-6"}}),
    )
    newest = sorted(["churn-1", "churn-2", *names], key=lambda name: (born(namespace, name), name))[-1]

    status, printed = namespace.operations("sweep", "--keep=1")
    assert status == 0, printed
    kept = {"foreign-1", "churn-3", "churn-4", "churn-5", "churn-6", newest}
    assert set(namespace.names("workflowtemplates")) == kept, printed


def test_nothing_is_deleted_while_what_names_versions_cannot_be_read(namespace: Namespace) -> None:
    rules = json.loads(namespace.kubectl("get", "role", "operations", "--output=json"))["rules"]
    namespace.patch(
        "role", "operations", {"rules": [rule for rule in rules if rule["resources"] != ["jobs", "cronjobs"]]}
    )

    status, printed = namespace.operations("sweep", "--keep=1")
    assert (status, "nothing is deleted" in printed) == (1, True), printed
    assert namespace.names("workflowtemplates") == ["churn-1", "churn-2"]


def born(namespace: Namespace, name: str) -> str:
    return namespace.get("workflowtemplate", name)["metadata"]["creationTimestamp"]
