"""Pods of the component `operations`, which starts runs, writes down what became of them, and cleans up.

The manifests say what it is to do by its command line; which engine it speaks with, an engine says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generators.engines.registry import engine
from generators.ir.labels import PIPELINE_LABEL, of_environment
from generators.model import Cluster, Environment

ACCOUNT = "graft-operations"  # the service account that it runs as
RUN_FAILED = 1  # its exit status where the run that it follows has failed
RESOURCES = {
    "requests": {"cpu": "20m", "memory": "96Mi"},
    "limits": {"cpu": "500m", "memory": "256Mi", "ephemeral-storage": "64Mi"},
}
# The cluster's name is said once, by its platform, so that clusters that are alike share what is rendered.
CONFIG, CLUSTER_KEY = "graft", "cluster"
_CLUSTER = {"name": "CLUSTER", "valueFrom": {"configMapKeyRef": {"name": CONFIG, "key": CLUSTER_KEY}}}
_TOKEN_FILE = "/var/run/secrets/kubeflow/pipelines/token"
_NO_SIDECAR = "sidecar.istio.io/inject"  # in a Profile's namespace Istio would add one, which never ends
_MOUNT = {"name": "token", "mountPath": _TOKEN_FILE.rpartition("/")[0], "readOnly": True}
_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}


def pod(
    environment: Environment,
    cluster: Cluster,
    image: str,
    arguments: Sequence[str],
    pipeline: str = "",
    env: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A pod template that runs `operations` with these arguments, and those by which it finds its engine."""
    labels = {"app.kubernetes.io/component": "operations", _NO_SIDECAR: "false", **of_environment(environment)}
    labels |= {PIPELINE_LABEL: pipeline} if pipeline else {}
    reaches = engine(cluster.engine).reach(cluster, environment)
    token = _token(reaches.audience)
    container = {
        "name": "operations",
        "image": image,
        "args": [
            *arguments,
            *(f"--engine={cluster.engine}", f"--namespace={environment.namespace}"),
            *reaches.arguments,
            *((f"--token-file={_TOKEN_FILE}",) if token else ()),
            *_outcomes(environment),
        ],
        "env": [*env, _CLUSTER, *_status_token(environment)],
        "resources": RESOURCES,
        "terminationMessagePolicy": "FallbackToLogsOnError",  # so that its last words stand where a failed pod is shown
        "securityContext": _RESTRICTED,
        "volumeMounts": [_MOUNT] if token else [],
    }
    spec = {
        "serviceAccountName": ACCOUNT,
        "restartPolicy": "Never",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "imagePullSecrets": [{"name": name} for name in environment.pull_secrets],
        "nodeSelector": environment.node_selector,
        "containers": [{key: value for key, value in container.items() if value}],
        "volumes": token,
    }
    return {"metadata": {"labels": labels}, "spec": {key: value for key, value in spec.items() if value}}


def _outcomes(environment: Environment) -> list[str]:
    """What outcomes are written down of, and where to as commit statuses."""
    delivery = environment.delivery
    found = [f"--environment={environment.name}", "--cluster=$(CLUSTER)"]
    if delivery and delivery.statuses:
        found += [f"--statuses={delivery.statuses.url}", f"--branch={delivery.branch}"]
    return found


def _status_token(environment: Environment) -> list[dict[str, Any]]:
    delivery = environment.delivery
    if not (delivery and delivery.statuses):
        return []
    token = delivery.statuses.token
    return [{"name": "GITHUB_TOKEN", "valueFrom": {"secretKeyRef": {"name": token.secret, "key": token.key}}}]


def _token(audience: str) -> list[dict[str, Any]]:
    """A token of the service account for another service than the API server, which takes no other."""
    if not audience:
        return []
    source = {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600, "audience": audience}}
    return [{"name": "token", "projected": {"sources": [source]}}]
