"""Environments as the tests of delivery need them: one Kubeflow cluster and one of plain Argo, one pipeline."""

from __future__ import annotations

import pytest

from generators.engines.engine import Target
from generators.ir.definitions import definition
from generators.model import Cluster, Database, Delivery, Environment, Pipeline, Schedule, Storage

DEFINITION = definition("greet", {"root": {}, "pipelineInfo": {"name": "greet"}}, {})
EAST = Cluster("prod-east", "kubeflow", "https://east.test", facts={"mode": "multi-user"})
WEST = Cluster("prod-west", "argo", "https://west.test", facts={"pod_security": "restricted"})
SCHEDULE = Schedule(("30 3 * * *",), "Europe/Berlin", "forbid", starting_deadline=3600)


@pytest.fixture
def environment() -> Environment:
    delivery = Delivery("https://git.test/ml.git")
    greet = Pipeline("greet", schedule=SCHEDULE, run_on_merge=True)
    storage = Storage("s3://ml")
    return Environment(
        "prod", "ml-prod", Database(""), storage, "registry.test", {}, (EAST, WEST), (greet,), delivery=delivery
    )


@pytest.fixture
def on_kubeflow(environment: Environment) -> Target:
    return Target(DEFINITION, environment, EAST, environment.pipelines[0])


@pytest.fixture
def on_argo(environment: Environment) -> Target:
    return Target(DEFINITION, environment, WEST, environment.pipelines[0])
