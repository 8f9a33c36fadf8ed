"""A cluster's own objects, around its pipelines: what the namespace is, who may do what in it, and how much.

Where the namespace belongs to the installation or to a Profile, as on Kubeflow, it is not rendered.
"""

from __future__ import annotations

from typing import Any

from generators.delivery import accounts, artifacts, operations, policies, secrets, serving
from generators.delivery.needs import Needs
from generators.delivery.objects import labelled, made
from generators.delivery.policies import Policies
from generators.engines.engine import DEFAULT_REQUEST, Files, Object
from generators.engines.registry import engine
from generators.ir.labels import of_environment
from generators.model import Cluster, Environment

_WAVE = "argocd.argoproj.io/sync-wave"
_KEEP = {  # a namespace's deletion takes all it holds
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    _WAVE: "-1",
}
_SWEEP = "*/5 * * * *"


def render(
    environment: Environment, cluster: Cluster, needs: Needs, image: str, judged: Policies = policies.NONE
) -> Files:
    """File name to objects; empty where nothing runs on Kubernetes. `image` is that of `operations`.

    `judged` are the policies that judge what comes into the namespace.
    """
    runs = engine(cluster.engine)
    if not runs.on_kubernetes:
        return {}
    files = {"namespace.yaml": [_namespace(environment, cluster)]} if runs.owns_namespace else {}
    if runs.only_pipelines(cluster):  # or the pods of what runs them would be held to it too, and its database evicted
        files |= _room(environment, cluster)
    files |= accounts.render(environment, cluster, needs)
    files |= secrets.render(environment, needs)
    files["networkpolicy.yaml"] = [_nobody_calls(environment)]
    if runs.steps is not None:
        files |= artifacts.render(environment)
    if environment.delivery:
        files["operations.yaml"] = [_config(environment, cluster), _sweep(environment, cluster, image)]
    files |= policies.render(environment, cluster, judged)
    labels = of_environment(environment)
    return {name: [labelled(obj, labels) for obj in objects] for name, objects in files.items()}


def _namespace(environment: Environment, cluster: Cluster) -> Object:
    enforced = cluster.facts.get("pod_security")
    level = {"pod-security.kubernetes.io/enforce": enforced} if enforced else {}
    return made("v1", "Namespace", environment.namespace, "", {}, labels=level, annotations=dict(_KEEP))


def _room(environment: Environment, cluster: Cluster) -> Files:
    """How much may be in the namespace, and what of it is whose that says nothing."""
    files = {}
    if cluster.capacity or environment.ephemeral_storage:
        files["limitrange.yaml"] = [_defaults(environment, cluster)]
    if cluster.capacity:
        files["resourcequota.yaml"] = [_quota(environment, cluster)]
    return files


def _quota(environment: Environment, cluster: Cluster) -> Object:
    """A quota of what pods ask for; of pods themselves it is their number."""
    capacity = sorted(cluster.capacity.items())
    hard = {name if name == "pods" else f"requests.{name}": amount for name, amount in capacity}
    return _namespaced("ResourceQuota", environment, {"hard": hard})


def _defaults(environment: Environment, cluster: Cluster) -> Object:
    """What a container asks for that says nothing; a quota refuses any pod that asks for nothing."""
    asked = dict(DEFAULT_REQUEST) if cluster.capacity else {}
    limit: dict[str, Any] = {"type": "Container"}
    if disk := environment.ephemeral_storage:
        limit["default"] = {"ephemeral-storage": disk["limit"]}
        asked["ephemeral-storage"] = disk["request"]
    limit["defaultRequest"] = asked
    return _namespaced("LimitRange", environment, {"limits": [limit]})


def _nobody_calls(environment: Environment) -> Object:
    """Nothing connects to a step's pod: what it needs it fetches. Pods that serve a model are called."""
    [(label, serving_pods)] = serving.COMPONENT.items()
    others = {"key": label, "operator": "NotIn", "values": [serving_pods]}
    own = {"matchLabels": {"app.kubernetes.io/managed-by": "graft"}, "matchExpressions": [others]}
    body = {"spec": {"podSelector": own, "policyTypes": ["Ingress"], "ingress": []}}
    return made("networking.k8s.io/v1", "NetworkPolicy", "pipelines", environment.namespace, body)


def _config(environment: Environment, cluster: Cluster) -> Object:
    """What pods of `operations` are told of the cluster that they are in."""
    body = {"data": {operations.CLUSTER_KEY: cluster.name, "environment": environment.name}}
    return made("v1", "ConfigMap", operations.CONFIG, environment.namespace, body)


def _sweep(environment: Environment, cluster: Cluster, image: str) -> Object:
    """Writes down what became of runs, and removes the versions that nothing runs any more."""
    pod = operations.pod(environment, cluster, image, ["sweep", f"--keep={environment.keep.versions}"])
    job = {"backoffLimit": 0, "activeDeadlineSeconds": 240, "template": pod}
    spec = {
        "schedule": _SWEEP,
        "timeZone": "UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 240,  # then the next one is due
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 1,
        "jobTemplate": {"spec": job},
    }
    return made("batch/v1", "CronJob", "graft-sweep", environment.namespace, {"spec": spec})


def _namespaced(kind: str, environment: Environment, spec: dict[str, Any]) -> Object:
    return made("v1", kind, "pipelines", environment.namespace, {"spec": spec})
