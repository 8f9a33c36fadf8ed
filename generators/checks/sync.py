"""The order in which Argo CD applies the objects of one Application.

By phase, wave, kind and name; a Namespace and a CustomResourceDefinition then move to just before the first object that
is in it, or of it. As gitops-engine's pkg/sync/sync_tasks.go (with Argo CD 3.5) has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Object = dict[str, Any]

_PREFIX = "argocd.argoproj.io"
PHASES = {"PreSync": -1, "Sync": 0, "PostSync": 1, "SyncFail": 2}
_KINDS = (
    "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
    "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim",
    "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList",
    "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController",
    "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress",
    "APIService",
)  # fmt: skip
_ORDER = {kind: number - len(_KINDS) for number, kind in enumerate(_KINDS)}  # any other kind is 0, and so the last


def in_order(objects: Sequence[Object]) -> list[Object]:
    """The objects as they are applied; what is applied at several phases counts by the first."""
    found = sorted(objects, key=_rank)
    _moved(found, _namespace, lambda obj: _metadata(obj).get("namespace"))
    _moved(found, _defined, lambda obj: f"{group_of(obj)}/{obj.get('kind')}")
    return found


def moment(obj: Object) -> tuple[int, int]:
    """The phase, as its number, and the wave of an object: all of one moment are applied before the next begins."""
    annotations = _metadata(obj).get("annotations") or {}
    hooks = [name.strip() for name in str(annotations.get(f"{_PREFIX}/hook", "Sync")).split(",")]
    wave = str(annotations.get(f"{_PREFIX}/sync-wave", 0))
    whole = wave.removeprefix("-").removeprefix("+").isdecimal()
    return min(PHASES.get(name, 0) for name in hooks), int(wave) if whole else 0


def group_of(obj: Object) -> str:
    """The group of an object, "" for the core's."""
    return str(obj.get("apiVersion", "")).rpartition("/")[0]


def _metadata(obj: Object) -> Object:
    return obj.get("metadata") or {}


def _rank(obj: Object) -> tuple[int, int, int, str]:
    return (*moment(obj), _ORDER.get(obj.get("kind", ""), 0), str(_metadata(obj).get("name", "")))


def _namespace(obj: Object) -> str | None:
    return _metadata(obj).get("name") if (group_of(obj), obj.get("kind")) == ("", "Namespace") else None


def _defined(obj: Object) -> str | None:
    if obj.get("kind") != "CustomResourceDefinition":
        return None
    spec = obj.get("spec") or {}
    return f"{spec.get('group')}/{(spec.get('names') or {}).get('kind')}"


def _moved(objects: list[Object], gives: Callable[[Object], Any], takes: Callable[[Object], Any]) -> None:
    """Put what gives something just before the first object that takes it."""
    first: dict[Any, int] = {}
    for at in range(len(objects)):
        obj = objects[at]
        if (key := gives(obj)) is not None:
            if key in first:
                place = first[key]
                objects.insert(place, objects.pop(at))
                first = {each: index + (index >= place) for each, index in first.items()}
        elif (key := takes(obj)) is not None:
            first.setdefault(key, at)
