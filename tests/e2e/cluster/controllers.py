"""kube-controller-manager and kube-scheduler: what turns objects into other objects, and pods into pods of a node."""

from __future__ import annotations

from cluster.apiserver import URL, ApiServer
from cluster.process import Process

LOOPBACK = ("--bind-address=127.0.0.1", "--leader-elect=false", "--profiling=false")


def start(server: ApiServer) -> tuple[Process, Process]:
    """Start both, each with its own rights."""
    return manager(server), scheduler(server)


def manager(server: ApiServer) -> Process:
    """Start the controllers, those of Kubernetes itself; service accounts get the API server's authority."""
    signing = server.authority.folder / "service-accounts.key"
    argv = [
        f"--kubeconfig={server.authority.kubeconfig('controllers', URL, 'system:kube-controller-manager')}",
        f"--service-account-private-key-file={signing}",
        f"--root-ca-file={server.authority.file}",
        "--use-service-account-credentials",
        # no certificates are asked for here
        "--cluster-signing-cert-file=",
        "--cluster-signing-key-file=",
    ]
    name = "kube-controller-manager"
    return server.sandbox.start(name, [server.binaries / name, *LOOPBACK, *argv])


def scheduler(server: ApiServer) -> Process:
    """Start the scheduler."""
    config = server.authority.kubeconfig("scheduler", URL, "system:kube-scheduler")
    name = "kube-scheduler"
    return server.sandbox.start(name, [server.binaries / name, *LOOPBACK, f"--kubeconfig={config}"])
