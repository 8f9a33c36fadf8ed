"""This machine itself in place of a sandbox: for a server on loopback that a test needs without a cluster."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster import process
from cluster.process import Process

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Host:
    """Starts and runs as a Sandbox does, without namespaces; `folder` is the caller's."""

    folder: Path

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Process:
        """Start a process that ends with the tests, killed ones too, its log in `folder`."""
        command = ["setpriv", "--pdeathsig", "TERM", *argv]
        return process.start(name, command, self.folder / f"{name}.log", env)

    def run(self, argv: Sequence[str | Path], input: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """What a command prints; raises CommandFailed."""
        return process.run(argv, input, env)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]
