"""`graft run --cluster` starts what is rendered on real Argo Workflows and follows it; `graft status` shows it then."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import images, workflows
from cluster.requirements import MissingRequirement, not_run
from cluster.runs import Runs

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).parents[2]
ENVIRONMENT, CLUSTER = "node", "node"
DOCKERFILE = """\
FROM base
COPY components/greeter/requirements.txt /tmp/requirements.txt
COPY components/greeter/src /app
ENV PYTHONPATH=/app
USER 1000
WORKDIR /home/greeter
"""


@dataclass
class Node:
    """The repository whose environment `node` is the real node, and the network that its API server is in."""

    argo: Runs
    repository: Path

    def graft(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """graft as a person who has the cluster's kubeconfig."""
        server = self.argo.server
        program = Path(sys.executable).with_name("graft")
        command = [*server.sandbox.enter, program, *arguments, "--repo", self.repository]
        environment = {**os.environ, "KUBECONFIG": str(server.admin), "NO_COLOR": "1"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=600)

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.graft("run", "greet", "--env", ENVIRONMENT, "--cluster", CLUSTER, *options)

    def status(self) -> dict[str, Any]:
        [row] = json.loads(self.graft("status", ENVIRONMENT, "--output", "json").stdout)["rows"]
        return row


@pytest.fixture(scope="module")
def node(argo: Runs, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The tiny pipeline rendered for the node, and applied as Argo CD would."""
    folder = tmp_path_factory.mktemp("node") / "tiny"
    shutil.copytree(ROOT / "tests/tiny", folder, symlinks=True)
    (folder / "schemas").unlink()
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "components/greeter/Dockerfile").write_text(DOCKERFILE)
    try:
        image = images.component("registry.local/greeter:1", folder / "components/greeter")
        digest = images.build(images.LAYOUT, [image])[image.names[0]]
    except MissingRequirement as missing:
        not_run(request, missing)
    source = Repository(folder).source("components/greeter", "components/shared")
    (folder / f"environments/{ENVIRONMENT}.yml").write_text(
        yaml.safe_dump(environment(digest, source, argo.server.site.url))
    )
    render.render(Repository(folder))
    rendered = folder / "rendered" / ENVIRONMENT / CLUSTER
    files = [rendered / "platform/accounts.yaml", *sorted((rendered / "greet").glob("*.yaml"))]
    objects = [item for file in files for item in yaml.load_all(file.read_text(), yaml.CSafeLoader)]
    argo.server.apply(secrets(), f"--namespace={workflows.PIPELINES}")
    argo.define(objects)
    return Node(argo, folder)


def test_a_run_is_followed_to_its_outputs(node: Node) -> None:
    done = node.run("--set", "times=2")

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "start people/0/greet" in done.stdout and "done  people/1/greet" in done.stdout
    assert "done  if-polite/praise" in done.stdout
    assert "Good morning Good morning, Ada [64, 32] 0.5 plain" in done.stdout

    row = node.status()
    assert (row["run"]["phase"], row["version"]["live"]) == ("Succeeded", row["version"]["git"])
    assert row["run"]["version"] == row["version"]["git"] and row["run"]["name"] in done.stdout


def test_a_run_that_fails_says_what_its_step_printed_last_and_so_does_status(node: Node) -> None:
    done = node.run("--set", "people=[]")

    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert "fail  collect" in done.stdout and "ValueError: nobody was greeted" in done.stdout
    assert "step collect failed" in done.stderr

    run = node.status()["run"]
    assert (run["phase"], run["step"]) == ("Failed", "collect")
    assert "ValueError: nobody was greeted" in run["log"]


def test_a_version_that_is_not_applied_is_not_started(node: Node) -> None:
    own = "--selector=app.kubernetes.io/name=greet"
    node.argo.server.kubectl("delete", "workflowtemplates", own, f"--namespace={workflows.PIPELINES}")

    done = node.run()
    assert done.returncode == 2 and "node has no WorkflowTemplate greet-" in done.stderr


def environment(digest: str, source: str, server: str) -> dict[str, Any]:
    """The node as an environment of the tiny fleet."""
    file = yaml.load((ROOT / "tests/tiny/environments/staging.yml").read_text(), yaml.CSafeLoader)
    parameters = file["parameters"]
    del parameters["unbuilt_images"]
    parameters |= {"environment": ENVIRONMENT, "namespace": workflows.PIPELINES, "registry": "registry.local"}
    parameters["database"]["url"] = "postgresql://mlflow@db.node.test:5432/mlflow"
    parameters["storage"]["uri"] = f"s3://{workflows.BUCKET}"
    parameters["images"] = {"greeter": {source: digest}}
    parameters["pipelines"] = {"greet": {"track": "head"}}  # nothing but a person starts it
    parameters["resources"] = {"small": {"cpu": "200m", "memory": "512Mi"}}
    facts = {
        "engine": "argo",
        "server": server,
        "capacity": {"cpu": "2", "memory": "8Gi"},
        "pod_security": "restricted",
    }
    parameters["clusters"] = {CLUSTER: facts}
    return file


def secrets() -> list[dict[str, Any]]:
    """What the pipeline's steps are given, and what Argo reads artifacts with already."""
    values = {"mlflow-database": {"password": "x"}, "storage": {"access-key": "access", "secret-key": "secret"}}
    return [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}
        for name, data in values.items()
    ]
