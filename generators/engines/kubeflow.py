"""Kubeflow Pipelines: a Pipeline and a PipelineVersion, as its Kubernetes native API has them (v2beta1).

A version's spec is immutable and outlives its file, so its name ends in the hash of its content, and whatever starts a
run names the version: following "latest" would survive a revert.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.ir.definitions import CONTENT_LABEL, DEFINITION_LABEL, Definition, hash_of
from generators.model import Cluster, Environment

API_VERSION = "pipelines.kubeflow.org/v2beta1"
WAVE = "argocd.argoproj.io/sync-wave"


def render(
    definition: Definition, environment: Environment, cluster: Cluster, spec: dict[str, Any], platform: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """File name to objects: the Pipeline in the sync wave before its version, which may not exist without it."""
    carried = {"namespace": environment.namespace, "labels": {DEFINITION_LABEL: definition.hash}}
    pipeline, version = convert(definition.pipeline, spec, platform, carried)
    return {"pipeline.yaml": [pipeline], "pipelineversion.yaml": [version]}


def convert(
    name: str, spec: dict[str, Any], platform: dict[str, Any], metadata: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The Pipeline `name` and its PipelineVersion; `metadata` holds the namespace and the labels of both."""
    content = {"pipelineName": name, "pipelineSpec": spec}
    if description := spec["pipelineInfo"].get("description"):
        content["description"] = description
    if platform:
        content["platformSpec"] = platform
    version = f"{name}-{hash_of(content)}"
    return [
        _object("Pipeline", name, "0", {"displayName": name}, {"displayName": name}, metadata or {}),
        _object("PipelineVersion", version, "1", {"displayName": version} | content, content, metadata or {}),
    ]


def _object(
    kind: str, name: str, wave: str, spec: dict[str, Any], hashed: dict[str, Any], metadata: Mapping[str, Any]
) -> dict[str, Any]:
    labels = {**metadata.get("labels", {}), CONTENT_LABEL: hash_of(hashed)}
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name, **metadata, "labels": labels, "annotations": {WAVE: wave}},
        "spec": spec,
    }
