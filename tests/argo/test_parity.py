"""Rendered for Kubeflow and for Argo by the engines themselves, from equal facts, a pipeline has one shape."""

from dataclasses import replace
from pathlib import Path

import pytest
from generators.engines import kubeflow
from generators.engines.argo.readback import NAMES
from generators.engines.engine import Target
from generators.engines.registry import ENGINES
from generators.ir.definitions import Definition, definition, from_text
from generators.ir.normal_form import Difference, Shape, shape_of
from generators.ir.overlay import overlay
from generators.ir.steps import steps
from generators.model import (
    Accelerator,
    Cluster,
    Database,
    Environment,
    Image,
    Pipeline,
    SecretKey,
    StepOverlay,
    Storage,
)

import suite

ROOT = Path(__file__).resolve().parents[2]
CASES = [name for name in suite.NAMES if not suite.expected(name).refused]
DEFINITIONS = sorted([*ROOT.glob("definitions/*/*.json"), *ROOT.glob("tests/tiny/definitions/*/*.json")])

GPU = Accelerator("nvidia.com/gpu", {"pool": "gpu"}, ({"key": "nvidia.com/gpu", "operator": "Exists"},))
WEST = Cluster("west", "kubeflow", "https://west.test", accelerators=(GPU,), facts={"mode": "multi-user"})
EAST = Cluster("east", "argo", "https://east.test", accelerators=(GPU,))
ENVIRONMENT = Environment(
    name="prod",
    namespace="ml-prod",
    database=Database("postgresql://mlflow@db.test/mlflow", SecretKey("database", "password")),
    storage=Storage("s3://ml-prod", {"AWS_ACCESS_KEY_ID": SecretKey("store", "id")}),
    registry="registry.test",
    images={"greeter": Image({"723f2352": "sha256:" + "1" * 64})},
    clusters=(WEST, EAST),
    pipelines=(),
    env={"AWKWARD": "{{workflow.name}} $(HOME) $$ {{=1}}"},
    labels={"team": "ml"},
    pull_policy="IfNotPresent",
)
STEP = StepOverlay(
    resources={"cpu": "500m", "memory": "1Gi"},
    uses=("database", "storage"),
    retry={"count": 2, "backoff": "10s", "factor": 2, "limit": "1m"},
    timeout="1h",
    env={"TONE": "warm"},
    labels={"step": "yes"},
)


def _rendered(definition: Definition, cluster: Cluster, said: StepOverlay) -> Shape:
    """The shape of the manifest that the cluster's engine renders, where an environment says the same of every step."""
    pipeline = Pipeline(definition.pipeline, steps={step.path: said for step in steps(definition.spec)})
    overlaid = overlay(definition, ENVIRONMENT, cluster, pipeline)
    rendered = ENGINES[cluster.engine].render(Target(definition, ENVIRONMENT, cluster, pipeline), *overlaid)
    if cluster.engine == "argo":
        ((template,),) = rendered.files.values()
        return ENGINES["argo"].read_back(template)
    (version,) = rendered.files["pipelineversion.yaml"]
    return shape_of(*kubeflow.compiled(version), NAMES)


def _differences(definition: Definition, west: Cluster, east: Cluster, said: StepOverlay) -> list[Difference]:
    return list(_rendered(definition, west, said).differences(_rendered(definition, east, said)))


def _read(file: Path) -> Definition:
    return from_text(file.parent.name, file.read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_one_shape_on_both_engines(name):
    assert _differences(definition(name, *suite.compiled(name)), WEST, EAST, STEP) == []


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_definition_has_one_shape_on_both_engines(file):
    assert _differences(_read(file), WEST, EAST, replace(STEP, accelerator="optional")) == []


def test_every_definition_is_compared():
    assert {file.parent.name for file in DEFINITIONS} >= {"transfer-learning", "greet"}


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_differs_between_two_clusters_follows_from_their_facts(file):
    definition = _read(file)
    paths = {step.path for step in steps(definition.spec) if _is_pod(definition, step.executor)}

    found = _differences(definition, replace(WEST, accelerators=()), EAST, replace(STEP, accelerator="optional"))

    assert {(each.what, each.name, each.wanted) for each in found} == {
        ("resources", "nvidia.com/gpu limit", "(nothing)"),
        ("settings", "node selector pool", "(nothing)"),
        ("settings", 'toleration {"key": "nvidia.com/gpu", "operator": "Exists"}', "(nothing)"),
    }
    assert len({each.path for each in found}) == len(paths)


def _is_pod(definition: Definition, executor: str) -> bool:
    return "container" in definition.spec["deploymentSpec"]["executors"][executor]
