"""What an environment says of all its steps, and the facts of its cluster, are checked at their lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.model import Finding

Edit = Callable[[Path, str, str], None]
Told = Callable[[Path], list[Finding]]
URL = 'database: {url: "postgresql://greeter%40greet-4711.iam@10.0.0.3:5432/mlflow?sslmode=require"}'
DATABASE = '  database: {url: "postgresql://mlflow@10.0.0.3:5432/mlflow", password: {secret: database, key: password}}'
STORAGE = 'storage: {uri: "gs://greet-4711"}'
ACCELERATOR = "accelerators: {NVIDIA_L4: {}}"
REGISTRY = "  registry: europe"
KEY = "{secret: s, key: k}"
MISTAKES = {
    "a password": (f"  {URL}", DATABASE, "database.password", "logs in to the database by IAM"),
    "SQLite": (URL, 'database: {url: "sqlite:///x.db"}', "database.url", "every record would be lost"),
    "another store": ("gs://greet-4711", "s3://greet-4711", "storage.uri", "in Cloud Storage"),
    "credentials": (
        STORAGE, f'storage: {{uri: "gs://greet-4711", credentials: {{GOOGLE_KEY: {KEY}}}}}', "storage.credentials",
        "as its service account",
    ),
    "labels of pods": (REGISTRY, f"  labels: {{team: a}}\n{REGISTRY}", "labels.team", "without labels"),
    "a pull policy": (REGISTRY, f"  pull_policy: Always\n{REGISTRY}", "pull_policy", "without a pull policy"),
    "an empty variable": (REGISTRY, f'  env: {{WHO: ""}}\n{REGISTRY}', "env.WHO", "no variable without a value"),
    "no project": ("      project: greet-4711\n", "", "clusters.europe", "needs 'project'"),
    "no account": (
        "      service_account: greeter@greet-4711.iam.gserviceaccount.com\n", "", "clusters.europe",
        "needs 'service_account'",
    ),
    "a zone": ("europe-west4\n", "europe-west4-a\n", "clusters.europe.location", "the region of Google Cloud"),
    "a name for an account": (
        "greeter@greet-4711.iam.gserviceaccount.com", "greeter", "clusters.europe.service_account", "service account",
    ),
    "a quota": (
        "network:", 'capacity: {cpu: "8", memory: 16Gi}\n      network:', "clusters.europe.capacity", "uses this",
    ),
    "Kubernetes' accelerator": (
        "NVIDIA_L4: {}", '"nvidia.com/gpu": {}', 'clusters.europe.accelerators."nvidia.com/gpu"', "no such accelerator",
    ),
    "nodes": (
        "NVIDIA_L4: {}", "NVIDIA_L4: {node_selector: {pool: gpu}}",
        "clusters.europe.accelerators.NVIDIA_L4.node_selector", "finds the machine by the accelerator alone",
    ),
    "no accelerator": (
        f"      {ACCELERATOR}\n", "", "pipelines.greet.steps.people/greet.accelerator", "has no accelerator",
    ),
    "too large a machine": (
        "{accelerator: required}", '{accelerator: required, resources: {cpu: "128"}}',
        "pipelines.greet.steps.people/greet.resources.cpu", "no machine of Vertex AI has that much cpu",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_found_once_at_its_place(environment: Path, edit: Edit, told: Told, what: str) -> None:
    old, new, path, words = MISTAKES[what]
    edit(environment, "{accelerator: optional}", "{accelerator: required}")
    edit(environment, old, new)

    (finding,) = told(environment)

    assert finding.path == path and words in f"{finding.message} {finding.allowed}"
    assert finding.place.file in ("environments/vertex.yml", "base/pipelines/greet.yml")
    assert finding.fix or finding.allowed


def test_everything_is_found_in_one_pass(environment: Path, edit: Edit, told: Told) -> None:
    edit(environment, f"  {URL}", DATABASE)
    edit(environment, REGISTRY, f"  pull_policy: Always\n{REGISTRY}")
    edit(environment, "{accelerator: optional}", "{timeout: 5m, pull_policy: Never}")

    step = "pipelines.greet.steps.people/greet"
    assert sorted(finding.path for finding in told(environment)) == [
        "database.password", f"{step}.pull_policy", f"{step}.timeout", "pull_policy",
    ]  # fmt: skip


def test_an_image_that_was_never_built_is_told(environment: Path, edit: Edit, told: Told) -> None:
    edit(environment, "  unbuilt_images: accept\n", "")

    (finding,) = told(environment)

    assert finding.rule == "unbuilt" and "docker build" in finding.fix


@pytest.mark.parametrize(("old", "new"), [("nvidia.com/gpu", "NVIDIA_L4")])
def test_vertex_s_accelerators_are_none_of_a_kubernetes_cluster(
    tiny: Path, edit: Edit, told: Told, old: str, new: str
) -> None:
    prod = tiny / "environments/prod.yml"
    edit(prod, f"        {old}:\n", f"        {new}:\n")

    (finding,) = told(prod)

    assert finding.rule == "unknown-accelerator" and "nvidia.com/gpu" in finding.allowed
