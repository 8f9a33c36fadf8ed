"""The repository of tests/tiny with an environment more, on Vertex AI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.model import Finding
from generators.verbs import check

ENVIRONMENT = """\
classes: [defaults, pipelines.greet]
parameters:
  environment: vertex
  namespace: greet-vertex
  database: {url: "postgresql://greeter%40greet-4711.iam@10.0.0.3:5432/mlflow?sslmode=require"}
  storage: {uri: "gs://greet-4711"}
  registry: europe-west4-docker.pkg.dev/greet-4711/greet
  unbuilt_images: accept
  clusters:
    europe:
      engine: vertex
      project: greet-4711
      location: europe-west4
      service_account: greeter@greet-4711.iam.gserviceaccount.com
      network: projects/4711/global/networks/greet
      accelerators: {NVIDIA_L4: {}}
  pipelines:
    greet:
      track: head
      parameters: {times: 3}
      steps:
        people/greet: {accelerator: optional}
        ~if-polite/praise: {env: {PRAISE: well done}}
"""


@pytest.fixture
def environment(tiny: Path) -> Path:
    """The file of the environment, in the repository of its grandparent folder."""
    file = tiny / "environments/vertex.yml"
    file.write_text(ENVIRONMENT)
    return file


@pytest.fixture
def told() -> Callable[[Path], list[Finding]]:
    """What `graft check` finds wrong with the repository of an environment's file, but for what is not rendered."""

    def errors(file: Path) -> list[Finding]:
        found = check.check(Repository(file.parents[1]))
        return [finding for finding in found if finding.failing and finding.rule != "stale"]

    return errors
