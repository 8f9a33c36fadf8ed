"""`operations` starts and records runs that Argo's own controller runs on a real node."""

from __future__ import annotations

import json

import pytest
import suite
from cluster import operations
from cluster.operations import OWN, Namespace
from cluster.runs import Runs
from cluster.workflows import PIPELINES

WELL, BADLY = "artifact-without-file", "failure"
PATIENT = ("--poll=1", "--timeout=600")


@pytest.fixture(scope="module")
def namespace(argo: Runs) -> Namespace:
    """The namespace of the pipelines, with two of them, as graft would label them."""
    user = "operations"
    server = argo.server
    server.apply(operations.rights(user), f"--namespace={PIPELINES}")
    argo.define([_labelled(name) for name in (WELL, BADLY)])
    config = server.authority.kubeconfig(user, server.site.url, user, namespace=PIPELINES)
    return Namespace(server, PIPELINES, config)


def test_a_run_that_succeeds_is_recorded_with_its_outputs_and_metrics(namespace: Namespace) -> None:
    status, printed = namespace.start("well-1", "--wait", *PATIENT, version=f"case-{WELL}")

    record = namespace.record("well-1")
    assert (status, record["phase"]) == (0, "Succeeded"), (printed, record)
    outputs = {"parameters": {"Output": 0.75}, "metrics": {"measured: accuracy": 0.75}}
    assert json.loads(record["outputs"]) == outputs


def test_a_run_that_fails_is_recorded_with_its_step_and_the_steps_last_words(namespace: Namespace) -> None:
    status, printed = namespace.start("badly-1", "--wait", *PATIENT, version=f"case-{BADLY}")

    record = namespace.record("badly-1")
    assert (status, record["phase"]) == (1, "Failed"), (printed, record)
    assert record["step"] == suite.expected(BADLY).failed[0] and "exit code" in record["message"], record
    assert record["log"], record


def _labelled(name: str) -> dict:
    template = suite.converted(name)
    return template | {"metadata": {**template["metadata"], "labels": OWN}}
