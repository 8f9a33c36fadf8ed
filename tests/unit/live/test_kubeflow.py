"""A run is started and followed on Kubeflow Pipelines by kfp's client, against a server of KFP's API."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.errors import GraftError, RunFailed, Unreached
from generators.inventory.read import Repository
from generators.live import running
from generators.live.wanted import Access

NAMESPACE = "greet-staging"


@dataclass
class Kfp:
    """The server, the file of its state, and the rendered repository whose cluster `one` it is."""

    url: str
    file: Path
    repository: Path
    version: str
    end: dict[str, Any] = field(default_factory=dict)

    def change(self, do: Callable[[dict[str, Any]], Any] = lambda known: None) -> dict[str, Any]:
        import kfp_state

        return kfp_state.change(self.file, do)

    def run(self, *assignments: str, url: str = "", token: str = "secret", **more: Any) -> tuple[Any, list[Any]]:
        told: list[Any] = []

        def tell(kind: str, path: str, seconds: float, text: str) -> None:
            told.append((kind, path))
            if kind == "begun" and self.end:
                self.change(lambda known: known["runs"][-1].update(self.end))

        given = (Repository(self.repository), "greet", "staging", "one", list(assignments))
        return running.run(*given, Access(url or self.url, token), tell, **more), told

    def ending(self, state: str, *tasks: dict[str, Any]) -> None:
        """Have the next run end so as soon as it was started."""
        self.end = {"state": state, "finished_at": "2126-11-27T10:00:11Z", "run_details": {"task_details": tasks}}


@pytest.fixture
def kubeflow(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kfp]:
    import kfp_server
    import kfp_state

    monkeypatch.setenv("HOME", str(tmp_path))  # where kfp keeps a context of its own
    version = yaml.load((built / "rendered/staging/one/greet/intent.yaml").read_text(), yaml.CSafeLoader)["data"][
        "version"
    ]
    known = {"id": "id-greet", "namespace": NAMESPACE, "name": "greet", "parameters": ["times"]}
    file = tmp_path / "state.json"
    kfp_state.save(
        file, kfp_state.state(pipelines=[{**known, "versions": {version: "v1", "greet-old": "v0"}}], token="secret")
    )
    server = kfp_server.serve(0, file)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Kfp(f"http://127.0.0.1:{server.server_port}", file, built, version)
    server.shutdown()
    server.server_close()


def task(name: str, state: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    times = {"start_time": "2126-11-27T10:00:01Z", "end_time": "2126-11-27T10:00:05Z"}
    return {"task_id": f"id-{name}", "display_name": name, "state": state, **times, **more}


def test_a_run_is_started_by_name_in_the_environments_experiment_and_followed(kubeflow: Kfp) -> None:
    kubeflow.ending("SUCCEEDED", task("root"), task("root-driver"), task("collect"), task("collect-driver"))

    done, told = kubeflow.run("times=2")

    [run], [experiment] = kubeflow.change()["runs"], kubeflow.change()["experiments"]
    assert run["pipeline_version_reference"] == {"pipeline_id": "id-greet", "pipeline_version_id": "v1"}
    assert run["runtime_config"] == {"parameters": {"times": 2}}
    assert run["service_account"] == "default-editor"
    assert (experiment["display_name"], experiment["namespace"]) == ("staging", NAMESPACE)
    assert told == [("begun", done.run.name), ("started", "collect"), ("succeeded", "collect")]
    assert done.started.links == {"Kubeflow Pipelines": f"{kubeflow.url}/#/runs/details/{run['run_id']}"}


def test_operations_knows_the_run_for_one_of_grafts(kubeflow: Kfp) -> None:
    done, _ = kubeflow.run(wait=False)

    [run] = kubeflow.change()["runs"]
    lines = run["description"].splitlines()
    definition = done.wanted.manifest["metadata"]["labels"]["graft.dev/definition"]
    assert run["display_name"] == done.run.name
    assert lines == [
        f"graft.dev/run: {done.run.name}",
        "app.kubernetes.io/name: greet",
        f"graft.dev/version: {kubeflow.version}",
        f"graft.dev/definition: {definition}",
    ]


def test_a_run_that_fails_says_which_task_did_and_why(kubeflow: Kfp) -> None:
    error = {"code": 13, "message": "exit code 1"}
    kubeflow.ending("FAILED", task("collect", "FAILED", error=error))

    with pytest.raises(RunFailed) as failed:
        kubeflow.run()
    assert (failed.value.step, failed.value.reason) == ("collect", "exit code 1")


def test_a_version_that_is_not_there_yet_is_not_started(kubeflow: Kfp) -> None:
    kubeflow.change(lambda known: known["pipelines"][0]["versions"].pop(kubeflow.version))
    with pytest.raises(GraftError, match=f"one has no PipelineVersion {kubeflow.version}"):
        kubeflow.run()

    kubeflow.change(lambda known: known["pipelines"].clear())
    with pytest.raises(GraftError, match="one has no PipelineVersion"):
        kubeflow.run()
    assert kubeflow.change()["runs"] == []


def test_what_kfp_refuses_is_said_in_its_words(kubeflow: Kfp) -> None:
    kubeflow.change(lambda known: known["pipelines"][0].update(parameters=[]))

    with pytest.raises(GraftError, match=r"refuses the run: HTTP 400: parameter\(s\) provided are not required"):
        kubeflow.run("times=2")


def test_a_wrong_token_and_a_server_that_is_gone_are_said_with_what_to_do(kubeflow: Kfp) -> None:
    with pytest.raises(Unreached, match="no valid token") as refused:
        kubeflow.run(token="another")
    assert "--existing-token" in refused.value.fix

    with pytest.raises(Unreached, match=r"127\.0\.0\.1:9") as gone:
        kubeflow.run(url="http://127.0.0.1:9")
    assert "port-forward" in gone.value.fix


def test_ctrl_c_leaves_the_run_and_says_how_to_end_it(kubeflow: Kfp) -> None:
    graft = Path(sys.executable).with_name("graft")
    options = ("--env", "staging", "--cluster", "one", "--api", kubeflow.url, "--existing-token", "secret")
    command = [graft, "run", "greet", *options, "--repo", kubeflow.repository]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip(), process.stderr.read()  # it has said that the run has begun
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    [run] = kubeflow.change()["runs"]
    assert (process.returncode, run["state"]) == (130, "PENDING"), said
    assert f"the run {run['display_name']} goes on in one" in said
    assert f'terminate_run("{run["run_id"]}")' in said


def test_json_of_it_is_of_the_published_schema(kubeflow: Kfp) -> None:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    kubeflow.ending("SUCCEEDED", task("collect"))
    folder = Path(__file__).resolve().parents[3] / "schemas/output"
    contents = {file.name: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}
    registry = Registry().with_resources((each, Resource.from_contents(schema)) for each, schema in contents.items())

    printed = json.loads(kubeflow.run()[0].to_json())
    validator = Draft202012Validator(contents["run-on-cluster.schema.json"], registry=registry)
    assert list(validator.iter_errors(printed)) == []
