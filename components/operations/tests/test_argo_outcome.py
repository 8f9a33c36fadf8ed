"""What a finished Workflow says: its phase and times, the pipeline's outputs, its metrics, and which step failed."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from operations.argo_outcome import failed_node, outcome

ARTIFACT = {"name": "metrics", "uri": "s3://a/b", "metadata": {"accuracy": 0.79, "n": 360, "curve": [1, 2]}}
METRICS = ARTIFACT | {"type": {"schemaTitle": "system.Metrics"}}
MODEL = ARTIFACT | {"type": {"schemaTitle": "system.Model"}}


def node(path: str, phase: str = "Succeeded", kind: str = "Pod", at: int = 1, **outputs: Any) -> dict[str, Any]:
    parameters = [{"name": name, "value": json.dumps(value)} for name, value in outputs.items()]
    name = f"churn-1.pipeline.{path}" if path else "churn-1.pipeline"
    times = {"finishedAt": f"2026-11-27T10:00:{at:02}Z"}
    return {"id": name, "name": name, "type": kind, "phase": phase, "outputs": {"parameters": parameters}, **times}


def workflow(*nodes: dict[str, Any], phase: str = "Succeeded", **status: Any) -> dict[str, Any]:
    found = {"nodes": {it["id"]: it for it in nodes}, "startedAt": "2026-11-27T10:00:00Z", "phase": phase, **status}
    return {"metadata": {"name": "churn-1"}, "status": found}


def test_what_goes_on_has_no_outcome() -> None:
    assert outcome(workflow(phase="Running")) is outcome({"metadata": {"name": "churn-1"}}) is None


def test_outputs_are_the_pipelines_own_and_metrics_those_of_its_steps() -> None:
    found = outcome(
        workflow(
            node("", kind="DAG", at=9, version="7", accepted=True, model=MODEL, models=[MODEL]),
            node("gate", metrics=METRICS, model=MODEL, other=3),
            node("variants.each(0).evaluate", metrics=METRICS | {"metadata": {"loss": 0.5}}),
        )
    )
    assert found.outputs == {
        "parameters": {"version": "7", "accepted": True},
        "metrics": {"gate: accuracy": 0.79, "gate: n": 360, "variants/each(0)/evaluate: loss": 0.5},
    }
    assert (found.phase, found.started) == ("Succeeded", "2026-11-27T10:00:00Z")


def test_the_step_that_failed_first_is_named_and_not_what_it_stands_in() -> None:
    broken = workflow(
        node("variants", "Failed", "DAG", 9),
        node("variants.train", "Failed", at=5) | {"message": "exit code 1"},
        node("gate", "Failed", at=7),
        phase="Failed",
    )
    assert (outcome(broken).step, outcome(broken).message) == ("variants/train", "exit code 1")
    assert failed_node(broken)["id"] == "churn-1.pipeline.variants.train"


def test_compressed_nodes_are_read() -> None:
    packed = base64.b64encode(gzip.compress(json.dumps({"a": node("gate", metrics=METRICS)}).encode())).decode()

    assert outcome(workflow(compressedNodes=packed)).outputs["metrics"]["gate: accuracy"] == 0.79


def test_a_workflow_that_never_had_a_node_says_why() -> None:
    found = outcome(workflow(phase="Error", message='workflowtemplates "churn-9" not found', nodes=None))
    assert (found.phase, found.message, found.step) == ("Error", 'workflowtemplates "churn-9" not found', "")


def test_a_step_that_was_tried_again_counts_once_and_as_it_ended() -> None:
    gate = node("gate", kind="Retry", at=8, metrics=METRICS)
    gate["children"] = ["churn-1.pipeline.gate(0)", "churn-1.pipeline.gate(1)"]
    train = node("train", "Failed", "Retry", 9) | {"children": ["churn-1.pipeline.train(0)"]}
    found = workflow(
        gate,
        node("gate(0)", "Failed", at=1),
        node("gate(1)", at=7, metrics=METRICS),
        train,
        node("train(0)", "Failed", at=8),
        phase="Failed",
    )
    assert outcome(found).outputs["metrics"] == {"gate: accuracy": 0.79, "gate: n": 360}
    assert (outcome(found).step, failed_node(found)["id"]) == ("train", "churn-1.pipeline.train(0)")
