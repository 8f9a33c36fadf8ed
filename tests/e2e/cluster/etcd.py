"""etcd, where the API server keeps its objects."""

from __future__ import annotations

from pathlib import Path

from cluster.process import Process
from cluster.sandbox import Sandbox
from cluster.site import Site


def address(site: Site) -> str:
    """Where the API server finds it."""
    return f"http://{site.address}:2379"


def data(sandbox: Sandbox, site: Site) -> Path:
    """The folder of all that it keeps."""
    return site.folder(sandbox) / "etcd"


def start(sandbox: Sandbox, binaries: Path, site: Site) -> Process:
    """Start it on the data that is there; what it writes need not survive the machine, so it waits for no disk."""
    peers = f"http://{site.address}:2380"
    return site.start(
        sandbox,
        binaries / "etcd",
        f"--data-dir={data(sandbox, site)}",
        f"--listen-client-urls={address(site)}",
        f"--advertise-client-urls={address(site)}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    )
