"""Which of Kubernetes' rules about whole objects an object of its kinds breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from generators.checks.kubernetes.limits import quota, ranges
from generators.checks.kubernetes.network import network_policy
from generators.checks.kubernetes.pods import pod
from generators.checks.kubernetes.policies import policy, policy_binding
from generators.checks.kubernetes.roles import binding, role
from generators.checks.kubernetes.stored import claim, config_map, secret
from generators.checks.kubernetes.workloads import cron_job, deployment, job
from generators.checks.metadata import ANNOTATIONS_SIZE, size_of_annotations
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]
Check = Callable[[Object, KeyPath], Iterable[Problem]]

# The kind to what it asks of its `spec`, or of the whole where it has none. Their shape is known to be right.
_OF_SPEC: dict[tuple[str, str], Check] = {
    ("v1", "Pod"): pod,
    ("v1", "LimitRange"): ranges,
    ("v1", "ResourceQuota"): quota,
    ("v1", "PersistentVolumeClaim"): claim,
    ("apps/v1", "Deployment"): deployment,
    ("batch/v1", "Job"): job,
    ("batch/v1", "CronJob"): cron_job,
    ("networking.k8s.io/v1", "NetworkPolicy"): network_policy,
}
_OF_WHOLE: dict[tuple[str, str], Check] = {
    ("v1", "ConfigMap"): config_map,
    ("v1", "Secret"): secret,
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"): policy,
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"): policy_binding,
    ("rbac.authorization.k8s.io/v1", "Role"): role,
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): binding,
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): role,
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): binding,
}


def problems(obj: Object) -> Iterator[Problem]:
    """The problems of an object of any kind whose shape is right; of a kind that is not Kubernetes', its metadata's."""
    kind = (obj.get("apiVersion", ""), obj["kind"])
    yield from _metadata(obj.get("metadata") or {})
    if kind in _OF_SPEC:
        yield from _OF_SPEC[kind](obj.get("spec") or {}, ("spec",))
    elif kind in _OF_WHOLE:
        yield from _OF_WHOLE[kind](obj, ())


def _metadata(metadata: Object) -> Iterator[Problem]:
    size = size_of_annotations(metadata.get("annotations") or {})
    if size > ANNOTATIONS_SIZE:
        message = f"annotations have {size} bytes, more than the {ANNOTATIONS_SIZE} that an object may have"
        yield Problem(("metadata", "annotations"), "size", message, fix="shorten them, or keep it in a ConfigMap")
    owners = [at for at, owner in enumerate(metadata.get("ownerReferences") or ()) if owner.get("controller")]
    for at in owners[1:]:
        path = ("metadata", "ownerReferences", at, "controller")
        yield Problem(path, "owner", "an object has one controller, and this is the second", fix="remove one")
