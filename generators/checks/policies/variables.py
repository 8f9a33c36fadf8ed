"""The variables of a policy's expressions, as the API server makes them of a request.

Source: pkg/admission/plugin/cel/activation.go and condition.go of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.checks.policies.matching import Request

Object = Mapping[str, Any]

_GROUP_KIND, _GROUP_RESOURCE = ("group", "version", "kind"), ("group", "version", "resource")
# The fields that expressions may name of what is not dynamic; None where there may be any.
REQUEST: dict[str, Any] = {
    "kind": dict.fromkeys(_GROUP_KIND),
    "resource": dict.fromkeys(_GROUP_RESOURCE),
    "subResource": None,
    "requestKind": dict.fromkeys(_GROUP_KIND),
    "requestResource": dict.fromkeys(_GROUP_RESOURCE),
    "requestSubResource": None,
    "name": None,
    "namespace": None,
    "operation": None,
    "userInfo": {"username": None, "uid": None, "groups": None, "extra": None},
    "dryRun": None,
    "options": None,
}
_METADATA = (
    "name", "generateName", "namespace", "labels", "annotations", "UID", "creationTimestamp",
    "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "resourceVersion", "finalizers",
)  # fmt: skip
NAMESPACE: dict[str, Any] = {
    "metadata": dict.fromkeys(_METADATA),
    "spec": {"finalizers": None},
    "status": {"conditions": None, "phase": None},
}
_KEPT = ("name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp")
_KEPT += ("deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "finalizers")


def request_variable(request: Request) -> dict[str, Any]:
    """`request`."""
    resource, known = request.resource, request.known
    kind = {"group": resource.group, "version": resource.version, "kind": str(known.get("kind", ""))}
    name = {"group": resource.group, "version": resource.version, "resource": resource.name}
    found = {
        "uid": "",
        "kind": kind,
        "resource": name,
        "subResource": request.subresource,
        "requestKind": kind,
        "requestResource": name,
        "requestSubResource": request.subresource,
        "name": request.name,
        "namespace": request.namespace_name,
        "operation": request.operation,
        "userInfo": dict(request.user),
        "object": None,
        "oldObject": None,
        "dryRun": False,
        "options": _OPTIONS.get(request.operation),
    }
    empty = [key for key in ("subResource", "requestSubResource", "name", "namespace") if not found[key]]
    return {key: value for key, value in found.items() if key not in empty}


def namespace_variable(request: Request) -> dict[str, Any] | None:
    """`namespaceObject`, None for what is in no namespace."""
    if request.namespace is None or not request.namespace_name or request.known.get("kind") == "Namespace":
        return None
    metadata = request.namespace.get("metadata") or {}
    return {
        "metadata": {key: metadata[key] for key in _KEPT if metadata.get(key)},
        "spec": dict(request.namespace.get("spec") or {}),
        "status": dict(request.namespace.get("status") or {}),
    }


_OPTIONS = {
    "CREATE": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    "UPDATE": {"kind": "UpdateOptions", "apiVersion": "meta.k8s.io/v1"},
    "DELETE": {"kind": "DeleteOptions", "apiVersion": "meta.k8s.io/v1"},
}
