"""etcd, where the API server keeps its objects."""

from __future__ import annotations

from pathlib import Path

from cluster.process import Process
from cluster.sandbox import Sandbox

ADDRESS = "http://127.0.0.1:2379"
PEERS = "http://127.0.0.1:2380"


def data(sandbox: Sandbox) -> Path:
    """The folder of all that it keeps."""
    return sandbox.folder / "etcd"


def start(sandbox: Sandbox, binaries: Path) -> Process:
    """Start it on the data that is there; what it writes need not survive the machine, so it waits for no disk."""
    argv = [
        binaries / "etcd",
        f"--data-dir={data(sandbox)}",
        f"--listen-client-urls={ADDRESS}",
        f"--advertise-client-urls={ADDRESS}",
        f"--listen-peer-urls={PEERS}",
        f"--initial-advertise-peer-urls={PEERS}",
        f"--initial-cluster=default={PEERS}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]
    return sandbox.start("etcd", argv)
