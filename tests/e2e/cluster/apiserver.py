"""kube-apiserver, and kubectl to speak with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cluster import certificates, etcd
from cluster.certificates import Authority
from cluster.process import Process, wait_until
from cluster.sandbox import Sandbox
from cluster.site import ONLY, Site

QUIET = {"KUBERC": "off"}  # nothing of the home folder's is for these clusters
NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


@dataclass(frozen=True)
class ApiServer:
    """An API server that answers, its authority, and the folder of binaries that it came from."""

    sandbox: Sandbox
    binaries: Path
    site: Site
    authority: Authority
    store: Process
    process: Process
    flags: tuple[str, ...]
    admin: Path

    @property
    def processes(self) -> tuple[Process, ...]:
        """Those without which it does not answer."""
        return self.store, self.process

    def kubectl(self, *arguments: str | Path, input: str | None = None) -> str:
        """What kubectl prints as the cluster's administrator; raises CommandFailed."""
        return self.sandbox.run([*self._kubectl, *arguments], input, QUIET)

    def start_kubectl(self, name: str, *arguments: str | Path) -> Process:
        """A kubectl that goes on, such as a watch."""
        return self.sandbox.start(name, [*self._kubectl, *arguments], QUIET)

    @property
    def _kubectl(self) -> tuple[str | Path, ...]:
        cache = self.sandbox.folder / "kubectl"
        return self.binaries / "kubectl", f"--kubeconfig={self.admin}", f"--cache-dir={cache}"

    def apply(self, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        """Apply objects by server-side apply, all in one call, and list their names.

        Like `create`, fails where one has a field that its definition lacks.
        """
        return self._given("apply", objects, "--server-side", *options)

    def create(self, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        """Create objects, which may leave their names to the API server, all in one call, and list the names."""
        return self._given("create", objects, *options)

    def _given(self, verb: str, objects: Iterable[Mapping[str, Any]], *options: str) -> list[str]:
        # documents and no List: for that one kubectl would have the API server make all of its OpenAPI 2, half a minute
        manifest = "".join(f"---\n{json.dumps(item)}\n" for item in objects)
        arguments = ("--validate=strict", "--output=name", "--filename=-", *options)
        return self.kubectl(verb, *arguments, input=manifest).splitlines()

    def namespace(self, name: str) -> None:
        """Create a namespace, where it is not there."""
        self.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])


def start(sandbox: Sandbox, binaries: Path, site: Site = ONLY, more: Iterable[str] = ()) -> ApiServer:
    """Start etcd and the API server, with more options than those that it needs, and wait until they answer."""
    sandbox.run(["ip", "address", "add", f"{site.address}/32", "dev", "lo"])
    authority = certificates.authority(site.folder(sandbox) / "pki")
    store, options = etcd.start(sandbox, binaries, site), (*flags(authority, site), *more)
    process = site.start(sandbox, binaries / "kube-apiserver", *options)
    admin = authority.kubeconfig("admin", site.url, "admin", "system:masters")
    server = ApiServer(sandbox, binaries, site, authority, store, process, options, admin)
    ready(server)
    return server


def restart(server: ApiServer) -> ApiServer:
    """Start an API server again that was stopped, on what etcd holds, and wait until it answers."""
    process = server.site.start(server.sandbox, server.binaries / "kube-apiserver", *server.flags)
    again = replace(server, process=process)
    ready(again)
    return again


def ready(server: ApiServer, *paths: str) -> None:
    """Wait until the API server answers, these paths too."""
    for path in ("/readyz", *paths):
        ask = ("get", f"--raw={path}")
        wait_until(lambda ask=ask: server.kubectl(*ask), f"the API server to answer {path}", server.processes)


def flags(authority: Authority, site: Site) -> list[str]:
    """How the API server is started."""
    certificate, key = authority.issue("apiserver", "kube-apiserver", hosts=(site.address, *NAMES, *site.hosts))
    client, client_key = authority.issue("apiserver-client", "kube-apiserver", "system:masters")
    verifying, signing = authority.issue("service-accounts", "service-accounts")
    return [
        f"--etcd-servers={etcd.address(site)}",
        f"--bind-address={site.address}",
        f"--secure-port={site.port}",
        f"--advertise-address={site.address}",
        "--endpoint-reconciler-type=none",
        f"--service-cluster-ip-range={site.services}",
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
        f"--client-ca-file={authority.file}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--kubelet-client-certificate={client}",
        f"--kubelet-client-key={client_key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={verifying}",
        f"--service-account-signing-key-file={signing}",
        "--allow-privileged=true",
        "--kubelet-preferred-address-types=InternalIP",
        "--profiling=false",
    ]
