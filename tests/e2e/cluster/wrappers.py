"""Commands by which a person looks into a sandbox from outside of it."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cluster import argocd, argocd_server
from cluster.delivery import Delivery


@contextmanager
def written(delivery: Delivery, folder: Path) -> Iterator[Path]:
    """`kubectl`, with a context for each cluster of the fleet, and `argocd`; gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home, private = delivery.home, delivery.sandbox.folder
    kubectl = [home.binaries / "kubectl", f"--kubeconfig={kubeconfig(delivery)}", f"--cache-dir={private / 'kubectl'}"]
    command_line = ["env", f"HOME={private}", private / "argocd" / "bin" / "argocd", *argocd_server.CLIENT]
    try:
        write(folder / "kubectl", delivery, kubectl)
        write(folder / "argocd", delivery, command_line)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # which others use too, as a rule
            folder.parent.rmdir()


def write(file: Path, delivery: Delivery, command: Sequence[str | Path]) -> None:
    """A script that runs a command in the sandbox, in the folder where it is called."""
    *enter, end = delivery.sandbox.enter
    words = " ".join(shlex.quote(str(word)) for word in command)
    file.write_text(f'#!/bin/sh\nexec {shlex.join(enter)} --wdns="$PWD" {end} {words} "$@"\n', "utf-8")
    file.chmod(0o755)


def kubeconfig(delivery: Delivery) -> Path:
    """All clusters of the fleet, by their names in it, and the one that Argo CD is in; an administrator of each."""
    named = {each.name: delivery.clusters[each.server] for each in delivery.plan.destinations}
    named[argocd.NAMESPACE] = delivery.home
    servers = {server.site.name: server for server in named.values()}
    certificates = {name: server.authority.folder for name, server in servers.items()}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": argocd.NAMESPACE,
        "clusters": [
            {"name": name, "cluster": {"server": server.site.url, "certificate-authority": str(server.authority.file)}}
            for name, server in servers.items()
        ],
        "users": [
            {"name": name, "user": {"client-certificate": f"{at}/admin.crt", "client-key": f"{at}/admin.key"}}
            for name, at in certificates.items()
        ],
        "contexts": [
            {"name": name, "context": {"cluster": server.site.name, "user": server.site.name}}
            for name, server in named.items()
        ],
    }
    file = delivery.sandbox.folder / "contexts.conf"
    file.write_text(json.dumps(content), "utf-8")
    return file
