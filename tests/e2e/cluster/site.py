"""Where in a sandbox one cluster is, so that several stand beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cluster.process import Process
from cluster.sandbox import Sandbox


@dataclass(frozen=True)
class Site:
    """A cluster's name and number, by which it has addresses and a folder of its own.

    Its API server answers at `port` of its address, and by the names of `hosts` where the sandbox knows them.
    """

    name: str
    number: int = 0
    port: int = 443
    hosts: tuple[str, ...] = ()

    @property
    def services(self) -> str:
        """The addresses of its services."""
        return f"10.{96 + self.number}.0.0/16"

    @property
    def address(self) -> str:
        """The first of them, by which pods look for the API server, so that no kube-proxy is needed."""
        return f"10.{96 + self.number}.0.1"

    @property
    def url(self) -> str:
        """How its API server is reached."""
        return f"https://{self.address}:{self.port}"

    def folder(self, sandbox: Sandbox) -> Path:
        """The folder of its files and logs."""
        folder = sandbox.folder / self.name
        folder.mkdir(exist_ok=True)
        return folder

    def start(self, sandbox: Sandbox, program: Path, *options: str) -> Process:
        """Start one of its programs, which writes its log into its folder."""
        self.folder(sandbox)
        return sandbox.start(f"{self.name}/{program.name}", [program, *options])


ONLY = Site("cluster")
