"""Kubeflow Pipelines: a Pipeline and a PipelineVersion, as its Kubernetes native API has them (v2beta1).

A version's spec is immutable and outlives its file, so its name ends in the hash of its content, and whatever starts a
run names the version: following "latest" would survive a revert.
"""

from __future__ import annotations

from typing import Any

from generators.ir.definitions import CONTENT_LABEL, DEFINITION_LABEL, Definition, hash_of
from generators.model import Cluster, Environment

API_VERSION = "pipelines.kubeflow.org/v2beta1"
WAVE = "argocd.argoproj.io/sync-wave"


def render(
    definition: Definition, environment: Environment, cluster: Cluster, spec: dict[str, Any], platform: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """File name to objects: the Pipeline in the sync wave before its version, which may not exist without it."""
    content = {"pipelineName": definition.pipeline, "pipelineSpec": spec}
    if description := spec["pipelineInfo"].get("description"):
        content["description"] = description
    if platform:
        content["platformSpec"] = platform
    version = hash_of(content)
    name = f"{definition.pipeline}-{version}"
    shown = {"displayName": definition.pipeline}
    return {
        "pipeline.yaml": [
            _object("Pipeline", definition, environment, definition.pipeline, hash_of(shown), "0", shown)
        ],
        "pipelineversion.yaml": [
            _object("PipelineVersion", definition, environment, name, version, "1", {"displayName": name} | content)
        ],
    }


def _object(
    kind: str,
    definition: Definition,
    environment: Environment,
    name: str,
    content_hash: str,
    wave: str,
    spec: dict[str, Any],
) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {
            "name": name,
            "namespace": environment.namespace,
            "labels": {DEFINITION_LABEL: definition.hash, CONTENT_LABEL: content_hash},
            "annotations": {WAVE: wave},
        },
        "spec": spec,
    }
