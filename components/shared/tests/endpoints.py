"""An endpoint of `graft_steps.serving` as a process of its own, and what it answers over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SOURCE = Path(__file__).resolve().parents[1] / "src"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Endpoint:
    """Where a model of some name is asked."""

    url: str

    def post(self, body: bytes) -> tuple[int, Any]:
        """Status and answer."""
        try:
            with urlopen(Request(self.url, body, {"Content-Type": "application/json"}), timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as refused:
            return refused.code, json.loads(refused.read())

    def ask(self, value: Any) -> tuple[int, Any]:
        """Status and answer to a value."""
        return self.post(json.dumps({"value": value}).encode())


@contextmanager
def serving(name: str, uri: str, log: Path) -> Iterator[Endpoint]:
    """The server of a model, once it is ready."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "graft_steps.serving"]
    command += [f"--model_name={name}", f"--model_uri={uri}", f"--http_port={port}"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "HOME": str(log.parent), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=env)
    try:
        _wait(f"http://{LOOPBACK}:{port}/v1/models/{name}", process, log)
        yield Endpoint(f"http://{LOOPBACK}:{port}/v1/models/{name}:predict")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path, timeout: float = 120) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:
                if json.loads(answer.read())["ready"] in (True, "True"):
                    return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the endpoint did not become ready; it said:\n{log.read_text()[-4000:]}")
