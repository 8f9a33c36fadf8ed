"""A cluster's own objects: the namespace that the pipelines run in, and the quota that its capacity allows.

Where the namespace belongs to the installation or to a Profile, as on Kubeflow, it is not rendered.
"""

from __future__ import annotations

from typing import Any

from generators.engines.engine import DEFAULT_REQUEST
from generators.engines.registry import engine
from generators.ir.definitions import CONTENT_LABEL, hash_of
from generators.model import Cluster, Environment

_KEEP = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}  # a namespace's deletion takes all it holds


def render(environment: Environment, cluster: Cluster) -> dict[str, list[dict[str, Any]]]:
    """File name to objects; empty where nothing runs on Kubernetes."""
    runs = engine(cluster.engine)
    if not runs.on_kubernetes:
        return {}
    files = {"namespace.yaml": [_namespace(environment, cluster)]} if runs.owns_namespace else {}
    if cluster.capacity:
        files["limitrange.yaml"] = [_default_requests(environment)]
        files["resourcequota.yaml"] = [_quota(environment, cluster)]
    return files


def _namespace(environment: Environment, cluster: Cluster) -> dict[str, Any]:
    enforced = cluster.facts.get("pod_security")
    level = {"pod-security.kubernetes.io/enforce": enforced} if enforced else {}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": environment.namespace,
            "labels": {CONTENT_LABEL: hash_of([environment.namespace, level])} | level,
            "annotations": dict(_KEEP),
        },
    }


def _quota(environment: Environment, cluster: Cluster) -> dict[str, Any]:
    """A quota of what pods ask for; of pods themselves it is their number."""
    capacity = sorted(cluster.capacity.items())
    hard = {name if name == "pods" else f"requests.{name}": amount for name, amount in capacity}
    return _namespaced("ResourceQuota", environment, {"hard": hard})


def _default_requests(environment: Environment) -> dict[str, Any]:
    """What a container asks for that says nothing; a quota refuses any pod that asks for nothing."""
    limit = {"type": "Container", "defaultRequest": dict(DEFAULT_REQUEST)}
    return _namespaced("LimitRange", environment, {"limits": [limit]})


def _namespaced(kind: str, environment: Environment, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {
            "name": "pipelines",
            "namespace": environment.namespace,
            "labels": {CONTENT_LABEL: hash_of(spec)},
        },
        "spec": spec,
    }
