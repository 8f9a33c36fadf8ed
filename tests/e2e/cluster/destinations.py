"""Clusters that Argo CD delivers to, registered as `argocd cluster add` does."""

from __future__ import annotations

import base64
import json
from typing import Any

from cluster.apiserver import ApiServer
from cluster.argocd import NAMESPACE
from cluster.process import wait_until

SYSTEM, MANAGER = "kube-system", "argocd-manager"
ROLE, BINDING, TOKEN = f"{MANAGER}-role", f"{MANAGER}-role-binding", f"{MANAGER}-long-lived-token"
RIGHTS = "rbac.authorization.k8s.io"
# github.com/argoproj/argo-cd, util/clusterauth/clusterauth.go
EVERYTHING = [
    {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
    {"nonResourceURLs": ["*"], "verbs": ["*"]},
]


def register(home: ApiServer, name: str, server: str, cluster: ApiServer) -> None:
    """Make a cluster known to the Argo CD that is at home in `home`, as `server`, by its manager's token."""
    connection = {
        "bearerToken": manager_token(cluster),
        "tlsClientConfig": {"caData": base64.b64encode(cluster.authority.file.read_bytes()).decode("ascii")},
    }
    metadata = {"name": f"cluster-{name}", "labels": {"argocd.argoproj.io/secret-type": "cluster"}}
    content = {"name": name, "server": server, "config": json.dumps(connection)}
    home.apply([_object("v1", "Secret", metadata, stringData=content)], f"--namespace={NAMESPACE}")


def manager_token(cluster: ApiServer) -> str:
    """The token by which Argo CD is the manager of a cluster, who may do everything there."""
    cluster.apply(manager())
    path = (f"--namespace={SYSTEM}", "secret", TOKEN, "--output=jsonpath={.data.token}")
    token = wait_until(lambda: cluster.kubectl("get", *path), f"the token of {MANAGER}", cluster.processes, timeout=60)
    return base64.b64decode(token).decode("ascii")


def manager() -> list[dict[str, Any]]:
    """The manager's service account, with its rights and its token."""
    place = {"name": MANAGER, "namespace": SYSTEM}
    role = {"apiGroup": RIGHTS, "kind": "ClusterRole", "name": ROLE}
    subject = {"kind": "ServiceAccount", **place}
    token = {"name": TOKEN, "namespace": SYSTEM, "annotations": {"kubernetes.io/service-account.name": MANAGER}}
    return [
        _object("v1", "ServiceAccount", place),
        _object(f"{RIGHTS}/v1", "ClusterRole", {"name": ROLE}, rules=EVERYTHING),
        _object(f"{RIGHTS}/v1", "ClusterRoleBinding", {"name": BINDING}, roleRef=role, subjects=[subject]),
        _object("v1", "Secret", token, type="kubernetes.io/service-account-token"),
    ]


def _object(version: str, kind: str, metadata: dict[str, Any], **content: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **content}
