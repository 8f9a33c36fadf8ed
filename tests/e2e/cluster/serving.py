"""Starts a module of this package that is a server, and waits until it says that it serves."""

from __future__ import annotations

import sys
from pathlib import Path

from cluster.host import Host
from cluster.process import Process, wait_until
from cluster.sandbox import Sandbox

SERVES = "serves"  # the line that such a module prints once it can be asked


def start(place: Sandbox | Host, module: str, *arguments: str | int | Path) -> Process:
    """The process of `python -m cluster.<module>`, once it serves; its log also holds what it was asked."""
    command = [sys.executable, "-m", f"cluster.{module}", *(str(argument) for argument in arguments)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"}
    process = place.start(module, command, environment)
    wait_until(lambda: SERVES in process.log.read_text().split("\n"), f"{module} to serve", [process])
    return process
