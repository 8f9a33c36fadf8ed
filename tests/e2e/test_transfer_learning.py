"""What graft renders of transfer-learning for a cluster with Argo gives there what it gives on this machine.

An environment of its own is written into a copy of the repository, with the node's facts and nothing else, and what is
rendered for it is applied as it is: real PostgreSQL, S3, quota and a namespace of the restricted level.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cluster import images, node, postgres, workflows
from cluster.process import CommandFailed, wait_until
from cluster.requirements import MissingRequirement, not_run

from generators.engines.argo import submit
from generators.inventory.read import Repository

ROOT = Path(__file__).parents[2]
NAME, ENVIRONMENT, CLUSTER, DATABASE = "transfer-learning", "node", "node", 5432
PASSWORD = 'it\'s a "secret" @:/'
KEYS = {"AWS_ACCESS_KEY_ID": "access", "AWS_SECRET_ACCESS_KEY": "secret"}
STEPS = {"fetch-data", "pretrain", "train", "evaluate", "pick", "gate", "register"}
# Reads what a run has left in MLflow: the metrics of every run by its variant, and where the champion lies.
READ = """
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1], sys.argv[1])
[experiment] = [each.experiment_id for each in client.search_experiments() if each.name == sys.argv[2]]
[model] = client.search_registered_models()
champion = client.get_model_version_by_alias(model.name, "champion")
metrics = [sorted(run.data.metrics.items()) for run in client.search_runs([experiment])]
json.dump({"metrics": sorted(metrics), "champion": champion.source}, sys.stdout)
"""


@pytest.fixture
def repository(tmp_path):
    """A copy of this repository without what only its developers need."""
    left_out = shutil.ignore_patterns(".git", ".venv", ".graft", "tests", "compiled", "__pycache__", "*.egg-info")
    return shutil.copytree(ROOT, tmp_path / "repository", ignore=left_out, symlinks=True)


def test_the_run_on_the_node_gives_what_the_run_on_this_machine_gives(argo, request, repository):
    server = argo.server
    try:
        image = images.component(f"registry.local/{NAME}:1", ROOT / "components" / "transfer_learning")
        digest = images.build(images.LAYOUT, [image])[image.names[0]]
        postgres.start(server.sandbox, node.ADDRESS, DATABASE, "mlflow", PASSWORD, "mlflow")
    except MissingRequirement as missing:
        not_run(request, missing)
    source = Repository(repository).source("components/transfer_learning", "components/shared")
    (repository / "environments" / f"{ENVIRONMENT}.yml").write_text(
        yaml.safe_dump(environment(digest, source)), "utf-8"
    )
    graft(repository, "render")
    here = ran_here(repository)

    server.apply(secrets(), f"--namespace={workflows.PIPELINES}")
    files = sorted((repository / "rendered" / ENVIRONMENT / CLUSTER).rglob("*.yaml"))
    objects = [item for file in files for item in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader)]
    [template] = [item for item in objects if item["kind"] == "WorkflowTemplate"]
    run = submit.workflow(template, {"root": {}}, {})
    try:
        argo.define([item for item in objects if not is_policy(item)])
        server.apply([item for item in objects if is_policy(item)])  # a wave after what they go by, as Argo CD does it
        wait_until(lambda: is_judged(server, template), "the policies to act", server.processes)
        argo.submit(NAME, run, next_one=True)
        ended = argo.ended(NAME)
    finally:
        release(server, objects)

    assert ended.phase == "Succeeded", ended.message
    phases = {path.rpartition(".")[2].partition("(")[0]: phase for path, phase in ended.steps.items()}
    assert {step: phases.get(step) for step in STEPS} == dict.fromkeys(STEPS, "Succeeded")
    url = f"postgresql+psycopg2://mlflow@{node.ADDRESS}:{DATABASE}/mlflow"
    there = json.loads(server.sandbox.run([sys.executable, "-c", READ, url, NAME], env={"PGPASSWORD": PASSWORD}))
    assert there["metrics"] == here["metrics"]
    assert there["champion"] == f"s3://{workflows.BUCKET}/models/{NAME}-speakers/1"


def environment(digest, source):
    """The node as an environment of the fleet."""
    reference = {"secret": "storage-of-models"}
    return {
        "classes": ["defaults", "pipelines.transfer_learning"],
        "parameters": {
            "environment": ENVIRONMENT,
            "namespace": workflows.PIPELINES,
            "database": {
                "url": f"postgresql://mlflow@{node.ADDRESS}:{DATABASE}/mlflow",
                "password": {"secret": "database", "key": "password"},
            },
            "storage": {
                "uri": f"s3://{workflows.BUCKET}",
                "endpoint": f"http://{node.ADDRESS}:{node.STORAGE}",
                "region": "us-east-1",
                "credentials": {name: {**reference, "key": key} for name, key in KEYS.items()},
            },
            "registry": "registry.local",
            "images": {NAME: {source: digest}},
            "resources": {"small": {"cpu": "500m", "memory": "2Gi"}, "train": {"cpu": "1", "memory": "4Gi"}},
            "clusters": {
                CLUSTER: {
                    "engine": "argo",
                    "server": "https://10.96.0.1",
                    "capacity": {"cpu": "2", "memory": "16Gi"},
                    "pod_security": "restricted",
                }
            },
            "pipelines": {NAME: {"track": "head", "run_on_merge": False}},
        },
    }


def secrets():
    """What a secret store gives the namespace."""
    values = {"database": {"password": PASSWORD}, "storage-of-models": {key: key for key in KEYS.values()}}
    return [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}
        for name, data in values.items()
    ]


def ran_here(repository):
    """What MLflow holds after a run on this machine."""
    graft(repository, "run", NAME, "--env", "local")
    url = f"sqlite:///{repository}/.graft/mlflow.db"
    done = subprocess.run([sys.executable, "-c", READ, url, NAME], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def graft(repository, *arguments):
    program = Path(sys.executable).with_name("graft")
    command = [program, *arguments, "--repo", repository]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def is_policy(item):
    return item["kind"].startswith("ValidatingAdmissionPolicy")


def is_judged(server, template):
    """Whether a template that is nobody's is refused for that, which a policy does about a second after it came."""
    name = template["metadata"]["name"].replace(NAME, "nobody-s")
    try:
        server.create(
            [{**template, "metadata": {"name": name}}], "--dry-run=server", f"--namespace={workflows.PIPELINES}"
        )
    except CommandFailed as failed:
        return "denied request" in str(failed) and "no params found" not in str(failed)
    return False


def release(server, objects):
    """Take the namespace's limits and the policies away again, for the tests that follow."""
    kinds = [item["kind"] for item in objects if item["kind"] in ("ResourceQuota", "LimitRange")]
    server.kubectl("delete", *{f"{kind}/pipelines" for kind in kinds}, f"--namespace={workflows.PIPELINES}")
    policies = {f"{item['kind']}/{item['metadata']['name']}" for item in objects if is_policy(item)}
    server.kubectl("delete", *sorted(policies, reverse=True))  # the bindings first
    label = "pod-security.kubernetes.io/enforce-"
    server.kubectl("label", "namespace", workflows.PIPELINES, label)
