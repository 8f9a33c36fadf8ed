"""kube-apiserver, and kubectl to speak with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster import certificates, etcd
from cluster.certificates import Authority
from cluster.process import Process, wait_until
from cluster.sandbox import Sandbox

SERVICES = "10.96.0.0/16"
ADDRESS = "10.96.0.1"  # the first of them, by which pods look for it, so that no kube-proxy is needed
QUIET = {"KUBERC": "off"}  # nothing of the home folder's is for these clusters
NAMES = (ADDRESS, "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
URL = f"https://{ADDRESS}"


@dataclass(frozen=True)
class ApiServer:
    """An API server that answers, its authority, and the folder of binaries that it came from."""

    sandbox: Sandbox
    binaries: Path
    authority: Authority
    processes: tuple[Process, ...]
    admin: Path

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
        manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        arguments = ("--validate=strict", "--output=name", "--filename=-", *options)
        return self.kubectl(verb, *arguments, input=manifest).splitlines()

    def namespace(self, name: str) -> None:
        """Create a namespace, where it is not there."""
        self.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])


def start(sandbox: Sandbox, binaries: Path) -> ApiServer:
    """Start etcd and the API server, and wait until they answer."""
    sandbox.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"])
    authority = certificates.authority(sandbox.folder / "pki")
    store = etcd.start(sandbox, binaries)
    process = sandbox.start("kube-apiserver", [binaries / "kube-apiserver", *flags(authority)])
    admin = authority.kubeconfig("admin", URL, "admin", "system:masters")
    server = ApiServer(sandbox, binaries, authority, (store, process), admin)
    wait_until(lambda: server.kubectl("get", "--raw=/readyz"), "the API server to be ready", server.processes)
    return server


def flags(authority: Authority) -> list[str]:
    """How the API server is started."""
    certificate, key = authority.issue("apiserver", "kube-apiserver", hosts=NAMES)
    client, client_key = authority.issue("apiserver-client", "kube-apiserver", "system:masters")
    verifying, signing = authority.issue("service-accounts", "service-accounts")
    return [
        f"--etcd-servers={etcd.ADDRESS}",
        f"--bind-address={ADDRESS}",
        "--secure-port=443",
        f"--advertise-address={ADDRESS}",
        "--endpoint-reconciler-type=none",
        f"--service-cluster-ip-range={SERVICES}",
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
