"""KFP's own package format, the overlaid IR in two documents: what is rendered for the `local` engine to run."""

from __future__ import annotations

from typing import Any

from generators.ir.definitions import Definition
from generators.model import Cluster, Environment

FILE = "pipeline.yaml"


def render(
    definition: Definition, environment: Environment, cluster: Cluster, spec: dict[str, Any], platform: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """File name to documents: the PipelineSpec and, where there is one, the PlatformSpec."""
    return {FILE: [spec, platform] if platform else [spec]}
