"""A distributed training on this machine: a process for each place in the cluster, on ports of the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from graft_steps.checks import StepError

from text_classifier import cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

LOOPBACK = "127.0.0.1"
KINDS = {"Chief": "chief", "Worker": "worker", "PS": "ps", "Evaluator": "evaluator"}  # of a TFJob to TF_CONFIG's


def run(folder: Path, replicas: Mapping[str, int], deadline: float, say: Callable[[str], None]) -> None:
    """Train in `folder`; StepError where a process fails or the deadline (seconds) passes, and none is left behind."""
    named = cluster.configurations(_addresses({KINDS[kind]: count for kind, count in replicas.items() if count}))
    command = [sys.executable, "-m", "text_classifier.worker", str(folder)]
    started: list[tuple[str, subprocess.Popen[str]]] = []
    try:
        for name, configuration in named:
            env = {**os.environ, cluster.VARIABLE: configuration, "CUDA_VISIBLE_DEVICES": ""}
            process = subprocess.Popen(
                command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
            )
            started.append((name, process))
        _wait(started, time.monotonic() + deadline, deadline, say)
    finally:
        for _, process in started:
            process.kill()
            process.wait()


def _wait(
    started: Sequence[tuple[str, subprocess.Popen[str]]], until: float, deadline: float, say: Callable[[str], None]
) -> None:
    """Wait until all have ended; the failure of one is that of all, who would wait for it."""
    last: dict[str, str] = {}

    def tell(name: str, process: subprocess.Popen[str]) -> None:
        for line in process.stdout:
            if line.strip():
                last[name] = line.strip()
                say(f"{name}: {line.rstrip()}")

    readers = [threading.Thread(target=tell, args=each, daemon=True) for each in started]
    for reader in readers:
        reader.start()
    while any(process.poll() is None for _, process in started):
        if failed := [(name, process.returncode) for name, process in started if process.poll()]:
            break
        if time.monotonic() > until:
            raise StepError(f"the distributed training has not ended within its deadline of {deadline:g} s")
        time.sleep(0.1)
    failed = [(name, process.returncode) for name, process in started if process.poll()]
    if failed:
        name, status = failed[0]
        readers[[each for each, _ in started].index(name)].join(2)
        raise StepError(f"{name} of the distributed training ended with status {status}: {last.get(name, 'no output')}")


def _addresses(counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Kind to addresses with free ports, all different."""
    with ExitStack() as stack:
        sockets = {kind: [stack.enter_context(socket.socket()) for _ in range(count)] for kind, count in counts.items()}
        for each in (each for found in sockets.values() for each in found):
            each.bind((LOOPBACK, 0))
        return {kind: [f"{LOOPBACK}:{each.getsockname()[1]}" for each in found] for kind, found in sockets.items()}
