"""A run is started and followed by the server of Argo Workflows, where the cluster's facts name it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from generators.errors import GraftError, RunFailed, Unreached
from generators.inventory.read import Repository
from generators.live import running
from generators.live.argo_server import pod_name
from generators.live.wanted import Access

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas/output"
TIMES = {"startedAt": "2026-11-27T10:00:00Z", "finishedAt": "2026-11-27T10:00:09Z"}
METRICS = {"name": "m", "uri": "s3://a/m", "type": {"schemaTitle": "system.Metrics"}, "metadata": {"length": 41.0}}


def node(name: str, phase: str, kind: str = "Pod", **outputs: Any) -> dict[str, Any]:
    given = [{"name": key, "value": json.dumps(value)} for key, value in outputs.items()]
    times = TIMES if phase != "Running" else {"startedAt": TIMES["startedAt"]}
    found = {"id": f"NAME-{abs(hash(name)) % 1000}", "name": f"NAME.{name}", "displayName": name.rpartition(".")[2]}
    return {**found, "type": kind, "phase": phase, "templateName": "t", **times, "outputs": {"parameters": given}}


def status(phase: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    times = TIMES if phase != "Running" else {"startedAt": TIMES["startedAt"]}
    return {"phase": phase, **times, "nodes": {each["id"]: each for each in nodes}}


RUNNING = status("Running", node("pipeline", "Running", "DAG"), node("pipeline.collect", "Running"))
SUCCEEDED = status(
    "Succeeded",
    node("pipeline", "Succeeded", "DAG"),
    node("pipeline.collect", "Succeeded", Output="hello", metrics=METRICS),
)
FAILED = status("Failed", node("pipeline", "Failed", "DAG"), node("pipeline.collect", "Failed"))


def run(repository: Path, *assignments: str, token: str = "secret", **more: Any) -> tuple[Any, list[tuple[str, str]]]:
    told: list[tuple[str, str]] = []
    done = running.run(
        Repository(repository),
        "greet",
        "staging",
        "two",
        list(assignments),
        Access(),
        lambda kind, path, seconds, text: told.append((kind, path)),
        environ={"ARGO_TOKEN": token, "KUBECONFIG": str(repository / "none")},
        **more,
    )
    return done, told


def test_a_run_is_started_with_its_labels_and_parameters_and_followed_to_its_outcome(on_server, argo_server) -> None:
    argo_server.answers = [RUNNING, SUCCEEDED]

    done, told = run(on_server, "times=2")

    [(name, made)] = argo_server.workflows.items()
    assert told[0] == ("begun", name)
    assert told[1:] == [("started", "collect"), ("succeeded", "collect")]
    assert (done.run.outputs["collect: Output"], done.run.metrics) == ("hello", {"collect: length": 41.0})
    labels = made["metadata"]["labels"]
    assert labels["graft.dev/run"] == name and labels["app.kubernetes.io/name"] == "greet"
    assert {"graft.dev/definition", "graft.dev/content", "app.kubernetes.io/managed-by"} <= labels.keys()
    assert made["spec"]["workflowTemplateRef"] == {"name": done.wanted.version}
    assert made["spec"]["arguments"]["parameters"] == [{"name": "times", "value": "2"}]
    assert done.started.links == {"Argo Workflows": f"{argo_server.url}/workflows/greet-staging/{name}"}


def test_a_run_that_fails_says_which_step_did_and_what_it_printed_last(on_server, argo_server) -> None:
    argo_server.answers, argo_server.log = [FAILED], ["epoch 1", "ValueError: nobody"]
    told: list[str] = []

    with pytest.raises(RunFailed) as failed:
        running.run(
            Repository(on_server), "greet", "staging", "two", [], Access(), lambda *event: told.append(event[3]),
            environ={"ARGO_TOKEN": "Bearer secret"},
        )  # fmt: skip

    assert failed.value.step == "collect"
    assert told[-1].splitlines()[-2:] == ["epoch 1", "ValueError: nobody"]


def test_a_version_that_is_not_there_yet_is_not_started(on_server, argo_server) -> None:
    argo_server.templates.clear()

    with pytest.raises(GraftError, match="two has no WorkflowTemplate greet-") as refused:
        run(on_server)
    assert "graft status staging" in refused.value.fix
    assert argo_server.workflows == {}


def test_a_token_that_the_server_does_not_take_is_said(on_server, argo_server) -> None:
    with pytest.raises(Unreached, match="token not valid") as refused:
        run(on_server, token="another")
    assert "ARGO_TOKEN" in refused.value.fix


def test_a_server_that_is_not_there_is_said(on_server, argo_server, edit) -> None:
    argo_server.token = "none"  # whoever came through would be refused
    gone = "http://127.0.0.1:9"
    for file in (on_server / "environments/staging.yml",):
        edit(file, argo_server.url, gone)

    with pytest.raises(Unreached, match=gone):
        run(on_server)


def test_the_command_prints_the_outcome_as_text_and_as_json(on_server, argo_server) -> None:
    argo_server.answers = [SUCCEEDED]

    text = graft(on_server, "--set", "times=2")
    assert text.returncode == 0, text.stderr
    assert "collect: length" in text.stdout and "Argo Workflows" in text.stdout
    printed = graft(on_server, "--output", "json")
    assert printed.returncode == 0, printed.stderr
    found = json.loads(printed.stdout)
    assert problems("run-on-cluster", found) == []
    assert (found["phase"], found["metrics"]) == ("Succeeded", {"collect: length": 41.0})


def test_a_run_that_is_not_waited_for_is_left(on_server, argo_server) -> None:
    printed = graft(on_server, "--no-wait", "--output", "json")

    assert printed.returncode == 0, printed.stderr
    found = json.loads(printed.stdout)
    assert problems("run-on-cluster", found) == [] and found["phase"] == "Pending"
    assert [line for line in argo_server.requests if "GET /argo/api/v1/workflows/" in line] == []


def test_the_command_of_a_run_that_fails_exits_with_1(on_server, argo_server) -> None:
    argo_server.answers, argo_server.log = [FAILED], ["ValueError: nobody"]

    done = graft(on_server)

    assert done.returncode == 1
    assert "ValueError: nobody" in done.stdout and "step collect failed" in done.stderr


def test_a_pod_has_the_name_that_argo_gives_it() -> None:
    node = {"id": "churn-1-1234567890", "name": "churn-1.pipeline.train", "templateName": "train"}

    assert pod_name("churn-1", node) == "churn-1-train-1234567890"
    assert pod_name("churn-1", {**node, "name": "churn-1"}) == "churn-1"
    assert len(pod_name("churn-1", {**node, "templateName": "t" * 300})) == 253


def graft(repository: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("graft"), "run", "greet", "--env", "staging", "--cluster", "two"]
    environment = {**os.environ, "ARGO_TOKEN": "secret", "KUBECONFIG": str(repository / "none")}
    return subprocess.run(
        [*command, *options, "--repo", repository], capture_output=True, text=True, check=False, env=environment
    )


def problems(name: str, printed: Any) -> list[str]:
    contents = _schemas()
    registry = Registry().with_resources((each, Resource.from_contents(schema)) for each, schema in contents.items())
    validator = Draft202012Validator(contents[f"{name}.schema.json"], registry=registry)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(printed)]


@cache
def _schemas() -> dict[str, Any]:
    return {file.name: json.loads(file.read_text("utf-8")) for file in SCHEMAS.glob("*.json")}
