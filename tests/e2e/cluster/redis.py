"""redis, where the parts of Argo CD leave things for each other."""

from __future__ import annotations

import shutil

from cluster import packages
from cluster.process import Process, wait_until
from cluster.sandbox import Sandbox

ADDRESS, PORT = "127.0.0.1", "6379"


def require() -> None:
    """Install it where that can be done; raises MissingRequirement where it is not there and that cannot."""
    if not shutil.which("redis-server"):
        packages.require("redis-server")


def start(sandbox: Sandbox) -> Process:
    """A server that keeps nothing, once it answers."""
    options = ("--bind", ADDRESS, "--port", PORT, "--save", "", "--appendonly", "no", "--dir", str(sandbox.folder))
    process = sandbox.start("redis", ["redis-server", *options])
    wait_until(lambda: "Ready to accept connections" in process.tail(), "redis to accept connections", [process])
    return process
