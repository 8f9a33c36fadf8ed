"""Argo CD's API server, which its command line speaks with; it asks nobody who they are, as it is in a sandbox."""

from __future__ import annotations

from cluster import argocd, binaries, redis
from cluster.argocd import NAMESPACE, REPOSITORIES
from cluster.delivery import Delivery
from cluster.process import Process, wait_until

NAME, ADDRESS, PORT = "argocd-server", "127.0.0.1", "8080"
RIGHTS = ("base/server/*role*.yaml", "cluster-rbac/server/*.yaml")
CLIENT = ("--server", f"{ADDRESS}:{PORT}", "--plaintext")  # how the command line is told of it


def start(delivery: Delivery) -> Process:
    """Start it, once the cluster of Argo CD gives it its rights, and wait until it answers."""
    home, folder = delivery.home, delivery.sandbox.folder / "argocd"
    manifests = binaries.module(binaries.ARGOCD) / "manifests"
    for pattern in RIGHTS:
        home.apply(argocd.read(manifests, pattern), f"--namespace={NAMESPACE}")
    options = [f"--address={ADDRESS}", f"--port={PORT}", "--insecure", "--disable-auth", f"--namespace={NAMESPACE}"]
    options += [f"--redis={redis.ADDRESS}:{redis.PORT}", f"--repo-server={REPOSITORIES}", "--repo-server-plaintext"]
    options += [f"--kubeconfig={argocd.identity(home, NAME)}", "--metrics-address=127.0.0.1", "--staticassets="]
    process = argocd.component(home, NAME, *options)
    client = [folder / "bin" / "argocd", "app", "list", *CLIENT]
    wait_until(lambda: home.sandbox.run(client, env={"HOME": str(folder)}), "Argo CD to answer", [process])
    return process
