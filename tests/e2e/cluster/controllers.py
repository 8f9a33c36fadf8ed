"""kube-controller-manager and kube-scheduler: what turns objects into other objects, and pods into pods of a node."""

from __future__ import annotations

from cluster.apiserver import ApiServer
from cluster.process import Process

ALONE = ("--leader-elect=false", "--profiling=false")


def start(server: ApiServer) -> tuple[Process, Process]:
    """Start both, each with its own rights."""
    return manager(server), scheduler(server)


def manager(server: ApiServer) -> Process:
    """Start the controllers, those of Kubernetes itself; service accounts get the API server's authority."""
    config = server.authority.kubeconfig("controllers", server.site.url, "system:kube-controller-manager")
    return server.site.start(
        server.sandbox,
        server.binaries / "kube-controller-manager",
        f"--kubeconfig={config}",
        f"--bind-address={server.site.address}",
        *ALONE,
        f"--service-account-private-key-file={server.authority.folder / 'service-accounts.key'}",
        f"--root-ca-file={server.authority.file}",
        "--use-service-account-credentials",
        # no certificates are asked for here
        "--cluster-signing-cert-file=",
        "--cluster-signing-key-file=",
    )


def scheduler(server: ApiServer) -> Process:
    """Start the scheduler."""
    config = server.authority.kubeconfig("scheduler", server.site.url, "system:kube-scheduler")
    options = (f"--kubeconfig={config}", f"--bind-address={server.site.address}", *ALONE)
    return server.site.start(server.sandbox, server.binaries / "kube-scheduler", *options)
