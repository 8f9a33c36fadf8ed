"""A Workflow of Argo's as a run: steps by the paths that a run on this machine has, outputs, metrics, what failed."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from generators.live import workflow

METRICS = {"name": "m", "uri": "s3://a/m", "type": {"schemaTitle": "system.Metrics"}, "metadata": {"accuracy": 0.79}}


def node(name: str, phase: str = "Succeeded", kind: str = "Pod", second: int = 0, **more: Any) -> dict[str, Any]:
    times = {"startedAt": f"2026-11-27T10:00:{second:02}Z", "finishedAt": f"2026-11-27T10:00:{second + 5:02}Z"}
    return {"id": f"churn-1-{name}", "name": f"churn-1.{name}", "type": kind, "phase": phase, **times, **more}


def outputs(**values: Any) -> dict[str, Any]:
    return {"outputs": {"parameters": [{"name": name, "value": json.dumps(it)} for name, it in values.items()]}}


def made(*nodes: dict[str, Any], phase: str = "Succeeded", message: str = "", packed: bool = False) -> dict[str, Any]:
    by_id = {each["id"]: each for each in nodes}
    text = base64.b64encode(gzip.compress(json.dumps(by_id).encode())).decode()
    status = {"phase": phase, "message": message, "startedAt": "2026-11-27T10:00:00Z"}
    status |= {"compressedNodes": text} if packed else {"nodes": by_id}
    status |= {"finishedAt": "2026-11-27T10:01:05Z"} if phase != "Running" else {}
    spec = {"workflowTemplateRef": {"name": "churn-5b1e7d20c9"}}
    return {"metadata": {"name": "churn-1"}, "spec": spec, "status": status}


def test_a_run_that_succeeded_has_its_outputs_and_metrics_also_where_argo_compresses_them() -> None:
    nodes = [
        node("pipeline", kind="DAG", **outputs(version="7", model=METRICS)),
        node("pipeline.gate", second=2, **outputs(metrics=METRICS)),
    ]

    for packed in (False, True):
        run = workflow.run(made(*nodes, packed=packed))
        assert (run.phase, run.version, run.over, run.seconds) == ("Succeeded", "churn-5b1e7d20c9", True, 65.0)
        assert run.outputs == {"version": "7"}
        assert run.metrics == {"gate: accuracy": 0.79} and run.headline == ("accuracy", 0.79)


def test_a_pipeline_without_outputs_shows_those_of_its_steps() -> None:
    run = workflow.run(made(node("pipeline", kind="DAG"), node("pipeline.collect", **outputs(Output="hello"))))

    assert run.outputs == {"collect: Output": "hello"}


def test_steps_are_pods_what_came_from_the_cache_and_what_a_condition_left_out() -> None:
    run = workflow.run(
        made(
            node("pipeline", kind="DAG"),
            node("pipeline.people", kind="DAG", second=1),
            node("pipeline.people.each(0:0).greet", second=2),
            node("pipeline.people.each(1:1).greet", "Running", second=3, message="ContainerCreating"),
            node("pipeline.fetch", kind="Pod", second=4, memoizationStatus={"hit": True}),
            node("pipeline.praise", "Skipped", "Skipped", second=5),
            phase="Running",
        )
    )

    assert [(step.path, step.state) for step in run.steps] == [
        ("people/0/greet", "SUCCEEDED"),
        ("people/1/greet", "RUNNING"),
        ("fetch", "REUSED"),
        ("praise", "SKIPPED"),
    ]
    assert [step.message for step in run.steps if step.message] == ["ContainerCreating"]
    assert not run.over


def test_an_attempt_that_failed_before_the_last_is_retried() -> None:
    first, second = node("pipeline.train(0)", "Failed", second=2), node("pipeline.train(1)", second=9)
    retry = node("pipeline.train", kind="Retry", second=2, children=[first["id"], second["id"]])

    run = workflow.run(made(node("pipeline", kind="DAG"), retry, first, second))

    assert [(step.path, step.state) for step in run.steps] == [("train", "RETRIED"), ("train", "SUCCEEDED")]


def test_of_what_failed_the_first_pod_is_named() -> None:
    run = workflow.run(
        made(
            node("pipeline", "Failed", "DAG", second=1),
            node("pipeline.evaluate", "Failed", second=20, message="exit code 2"),
            node("pipeline.train.each(2:2).fit", "Failed", second=3, message="OOMKilled"),
            phase="Failed",
        )
    )

    assert (run.step, run.message) == ("train/2/fit", "OOMKilled")


def test_a_workflow_that_nobody_has_looked_at_yet_is_pending() -> None:
    run = workflow.run({"metadata": {"name": "churn-1", "creationTimestamp": "2026-11-27T10:00:00Z"}, "spec": {}})

    assert (run.phase, run.started, run.steps) == ("Pending", "2026-11-27T10:00:00Z", ())
