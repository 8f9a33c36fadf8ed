"""What Argo CD says of an environment's Applications.

https://github.com/argoproj/argo-cd/blob/v3.5.7/pkg/apis/application/v1alpha1/types.go (ApplicationStatus)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightkube import SingleConfig

from generators.errors import Unreached
from generators.live import cluster
from generators.live.model import Application

_OURS = {"app.kubernetes.io/managed-by": "graft"}
_SETTINGS = "argocd-cm"  # which says, among much else, where Argo CD's own pages are


@dataclass(frozen=True)
class ArgoCD:
    """The Applications by their namespace and name, and by namespace the URL of the pages that show them."""

    applications: Mapping[tuple[str, str], Application] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)

    def link(self, namespace: str, name: str) -> str:
        """The page of an Application, "" where that is not known."""
        url = self.urls.get(namespace, "").rstrip("/")
        return f"{url}/applications/{namespace}/{name}" if url else ""


def ask(context: SingleConfig, namespaces: Iterable[str]) -> ArgoCD:
    """What Argo CD in the cluster of a context says; Unreached where it is not there."""
    found, urls = {}, {}
    with cluster.connect(context, "default") as client:
        for namespace in namespaces:
            if not cluster.is_known(client, cluster.Application, namespace):
                reason = f"the cluster of context {context.context_name} has no Argo CD"
                raise Unreached(reason, "name the context of the cluster that has it: --argocd CONTEXT")
            found[namespace] = cluster.each(client, cluster.Application, namespace, _OURS)
            urls[namespace] = cluster.setting(client, _SETTINGS, namespace, "url")
    named = ((namespace, dict(it)) for namespace, objects in found.items() for it in objects)
    return ArgoCD({(namespace, it["metadata"]["name"]): application(it) for namespace, it in named}, urls)


def application(obj: Mapping[str, Any]) -> Application:
    """What an Application object says."""
    status = obj.get("status") or {}
    sync, health = status.get("sync") or {}, status.get("health") or {}
    held: dict[str, list[str]] = defaultdict(list)
    for resource in status.get("resources") or []:
        if not resource.get("requiresPruning"):  # an older version, which is kept though Git has it no longer
            held[resource["kind"]].append(resource["name"])
    return Application(
        obj["metadata"]["name"],
        sync.get("status") or "Unknown",
        health.get("status") or "Unknown",
        _message(status),
        sync.get("revision") or "",
        {kind: tuple(names) for kind, names in held.items()},
    )


def _message(status: Mapping[str, Any]) -> str:
    """Why it is not in order: the errors of its conditions, or else the message of a sync that did not succeed."""
    conditions = status.get("conditions") or []
    errors = [item.get("message", "") for item in conditions if item.get("type", "").endswith("Error")]
    operation = status.get("operationState") or {}
    if not errors and operation.get("phase") in ("Failed", "Error", "Running"):
        errors = _not_synced(operation) or ([operation.get("message", "")] if operation["phase"] != "Running" else [])
    return "; ".join(filter(None, dict.fromkeys(" ".join(text.split()) for text in errors)))


def _not_synced(operation: Mapping[str, Any]) -> list[str]:
    """The objects that a sync could not apply, each with what the API server said of it."""
    results = (operation.get("syncResult") or {}).get("resources") or []
    refused = (each for each in results if each.get("status") == "SyncFailed")
    return [f"{each['kind']} {each['name']}: {each.get('message', '')}" for each in refused]
