"""Argo CD: the repository server and the application controller, with the rights that its own manifests give them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cluster import binaries, redis
from cluster.apiserver import ApiServer
from cluster.process import Process

NAMESPACE = "argocd"
REPOSITORIES = "127.0.0.1:8081"  # the repository server
POLLING = 10  # seconds between two looks at Git (by default 180); each compares all objects, so 3 keep a core busy
EVERY = 5  # Applications, a second more: each look is one for every Application, on a machine that has other work
CONTROLLER, REPOSITORY_SERVER = "argocd-application-controller", "argocd-repo-server"
WRAPPER = "git-verify-wrapper.sh"  # the repository server asks for it though no signature is
DEFINITIONS = "crds/*-crd.yaml"
CONFIGURATION = ("base/config/*.yaml", "base/application-controller-roles/*.yaml")
RIGHTS = "cluster-rbac/application-controller/*.yaml"


@dataclass(frozen=True)
class ArgoCD:
    """Argo CD, whose own objects are in the cluster of `server`."""

    server: ApiServer
    processes: tuple[Process, ...]


def start(
    server: ApiServer, settings: Iterable[Mapping[str, Any]], authorities: Mapping[str, Path], polling: int = POLLING
) -> ArgoCD:
    """Start it, with the objects that a platform engineer applies by hand, and trusting these hosts' authorities.

    `polling` is the number of seconds after which it asks Git again.
    """
    manifests = binaries.module(binaries.ARGOCD) / "manifests"
    install(server, manifests)
    server.apply(settings, f"--namespace={NAMESPACE}", "--force-conflicts")
    prepare(server, authorities)
    store = redis.start(server.sandbox)
    return ArgoCD(server, (store, repository_server(server, polling), controller(server, polling)))


def install(server: ApiServer, manifests: Path) -> None:
    """Give the cluster Argo CD's definitions, its empty configuration, and its controller's rights."""
    server.namespace(NAMESPACE)
    server.apply(read(manifests, DEFINITIONS), "--force-conflicts")
    in_namespace = f"--namespace={NAMESPACE}"
    for pattern in CONFIGURATION:
        server.apply(read(manifests, pattern), in_namespace)
    server.apply(read(manifests, RIGHTS))
    key = {"stringData": {"server.secretkey": secrets.token_hex(16)}}
    server.kubectl("patch", "secret", "argocd-secret", in_namespace, f"--patch={yaml.safe_dump(key)}")


def read(manifests: Path, pattern: str) -> Iterator[dict[str, Any]]:
    """The objects in these files of Argo CD's module."""
    for file in sorted(manifests.glob(pattern)):
        for item in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader):
            if item["kind"] != "Kustomization":
                yield item


def prepare(server: ApiServer, authorities: Mapping[str, Path]) -> None:
    """Make the folder of all that its components keep on a disk, and a /dev/shm, which they write to, of their own."""
    server.sandbox.run(["mount", "-t", "tmpfs", "tmpfs", "/dev/shm"])
    folder = server.sandbox.folder / "argocd"
    for name in ("bin", "tls", "ssh", "gpg/keys", "gpg/source", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "ssh" / "ssh_known_hosts").touch()
    for host, authority in authorities.items():
        (folder / "tls" / host).write_bytes(authority.read_bytes())
    for name in (CONTROLLER, REPOSITORY_SERVER, "argocd", "argocd-server", "argocd-git-ask-pass"):
        (folder / "bin" / name).symlink_to(server.binaries / "argocd")
    wrapper = folder / "bin" / WRAPPER
    wrapper.write_bytes((binaries.module(binaries.ARGOCD) / "hack" / WRAPPER).read_bytes())
    wrapper.chmod(0o755)


def component(server: ApiServer, name: str, *options: str, polling: int = POLLING) -> Process:
    """Start one of its components, with nothing of the tests' own environment, such as a proxy."""
    folder = server.sandbox.folder / "argocd"
    variables = [f"{key}={value}" for key, value in environment(server, folder, polling).items()]
    return server.sandbox.start(name, ["env", "-i", *variables, folder / "bin" / name, *options])


def environment(server: ApiServer, folder: Path, polling: int) -> dict[str, str]:
    """What its components are told: where their files are, and that they stand outside of the cluster they are of."""
    return {
        "PATH": f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "KUBECONFIG": str(identity(server, CONTROLLER)),
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "ARGOCD_ASK_PASS_SOCK": str(folder / "ask-pass.sock"),  # else in /tmp, where another Argo CD's may be
        "ARGOCD_TLS_DATA_PATH": str(folder / "tls"),
        "ARGOCD_SSH_DATA_PATH": str(folder / "ssh"),
        "ARGOCD_GNUPGHOME": str(folder / "gpg" / "keys"),
        "ARGOCD_GPG_DATA_PATH": str(folder / "gpg" / "source"),
        "ARGOCD_GPG_ENABLED": "false",
        "ARGOCD_RECONCILIATION_TIMEOUT": f"{polling}s",
        "ARGOCD_RECONCILIATION_JITTER": "0s",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def identity(server: ApiServer, account: str) -> Path:
    """A kubeconfig of one of Argo CD's service accounts."""
    subject = f"system:serviceaccount:{NAMESPACE}:{account}"
    return server.authority.kubeconfig(account, server.site.url, subject, namespace=NAMESPACE)


def repository_server(server: ApiServer, polling: int) -> Process:
    """Start what reads Git."""
    host, port = REPOSITORIES.split(":")
    options = [f"--address={host}", f"--port={port}", f"--metrics-address={host}", "--metrics-port=8084"]
    options += [f"--redis={redis.ADDRESS}:{redis.PORT}", "--disable-tls", "--client-ca-path="]
    return component(server, REPOSITORY_SERVER, *options, polling=polling)


def controller(server: ApiServer, polling: int) -> Process:
    """Start what makes the clusters match."""
    options = [f"--namespace={NAMESPACE}", "--metrics-port=8082", f"--redis={redis.ADDRESS}:{redis.PORT}"]
    options += [f"--repo-server={REPOSITORIES}", "--repo-server-plaintext"]
    return component(server, CONTROLLER, *options, polling=polling)
