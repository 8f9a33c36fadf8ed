"""How large a fleet is, and the names in it."""

from __future__ import annotations

from dataclasses import dataclass

PIPELINE, MODULE = "transfer-learning", "transfer_learning"  # what every pipeline of a fleet is a copy of


@dataclass(frozen=True)
class Size:
    """How many pipelines, environments, and clusters in each; `own` of an environment's clusters are like no other."""

    pipelines: int
    environments: int
    clusters: int
    engines: tuple[str, ...] = ("kubeflow", "argo")
    own: int | None = None  # by default half

    def __str__(self) -> str:
        return f"{self.pipelines} pipelines x {self.environments} environments x {self.clusters} clusters"

    @property
    def pipeline_names(self) -> list[str]:
        return [f"{PIPELINE}-{number:02}" for number in range(self.pipelines)]

    @property
    def environment_names(self) -> list[str]:
        return [f"{('staging', 'prod')[number % 2]}-{number:02}" for number in range(self.environments)]
