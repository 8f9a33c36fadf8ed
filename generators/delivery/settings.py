"""What Argo CD itself has to be told once, whatever environments it delivers: the part of `argocd-cm` that graft needs,
and its project `default`, locked.

These are Argo CD's own objects, shared by all of its environments, so no Application holds them. Server-side apply adds
the keys and leaves all others of `argocd-cm` as they are.
"""

from __future__ import annotations

from importlib import resources

from generators.delivery.objects import made
from generators.engines.engine import Object
from generators.model import Delivery

_HEALTH = {
    "pipelines.kubeflow.org_Pipeline": "pipeline.lua",
    "pipelines.kubeflow.org_PipelineVersion": "pipelineversion.lua",
    "kubeflow.org_TFJob": "tfjob.lua",
    "argoproj.io_Workflow": "workflow.lua",
    "serving.kserve.io_InferenceService": "inferenceservice.lua",
}


def settings(delivery: Delivery) -> list[Object]:
    """The ConfigMap `argocd-cm` with graft's keys alone, and the project `default` that allows nothing."""
    data = {
        # found by an annotation, which no other tool sets, and whose length is not that of a label
        "application.resourceTrackingMethod": "annotation",
        # what an Application applies is applied by the account that its project names
        "application.sync.impersonation.enabled": "true",
    }
    data |= {f"resource.customizations.health.{kind}": _script(file) for kind, file in _HEALTH.items()}
    part_of = {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"}  # Argo CD's own selector
    config = made("v1", "ConfigMap", "argocd-cm", delivery.namespace, {"data": data}, labels=part_of)
    locked = {
        "description": "locked: every Application belongs to a project of its environment",
        "sourceRepos": [],
        "destinations": [],
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": [],
    }
    return [config, made("argoproj.io/v1alpha1", "AppProject", "default", delivery.namespace, {"spec": locked})]


def _script(name: str) -> str:
    return resources.files("generators.delivery").joinpath("health", name).read_text("utf-8")
