"""The endpoint of a model: asked over HTTP, and on this machine started as the same server that KServe runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOPBACK = "127.0.0.1"


def ask(url: str, name: str, body: bytes, timeout: float = 30) -> tuple[int, Any]:
    """Status and answer of the endpoint of a model."""
    request = Request(f"{url}/v1/models/{name}:predict", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=timeout) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        return refused.code, refused.read().decode("utf-8", "replace")
    except (URLError, TimeoutError) as problem:
        raise StepError(f"{url}: no answer: {problem}") from problem


def probe(url: str, name: str, texts: Sequence[str], expected: Sequence[str]) -> float:
    """Ask for the classes of texts; StepError where they are not as expected. Returns the seconds that it took."""
    began = time.monotonic()
    status, answer = ask(url, name, json.dumps({"value": list(texts)}).encode())
    if status != 200:
        raise StepError(f"{url}: the endpoint answered {status} to {len(texts)} test texts: {answer}")
    found = answer["value"]["class"]
    if found != list(expected):
        wrong = next(at for at, pair in enumerate(zip(found, expected, strict=True)) if pair[0] != pair[1])
        raise StepError(
            f"{url}: it answers {found[wrong]!r}, and the model {expected[wrong]!r}: another version is served"
        )
    if (status := ask(url, name, b"{}")[0]) != 400:
        raise StepError(f"{url}: it answers {status} to a request without a value, and should 400")
    return time.monotonic() - began


@contextmanager
def local(name: str, model: str, longest: float) -> Iterator[str]:
    """The server of a model as a process of this machine, once it is ready; it ends with the context."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        url = f"http://{LOOPBACK}:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "graft_steps.serving", f"--model_name={name}", f"--model_uri={model}"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, f"--http_port={url.rpartition(':')[2]}"],
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            )
        try:
            _wait(f"{url}/v1/models/{name}", process, log, longest)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path, longest: float) -> None:
    until = time.monotonic() + longest
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:
                if json.loads(answer.read())["ready"] in (True, "True"):
                    return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    how = "ended" if process.poll() is not None else f"was not ready after {longest:g} s"
    raise StepError(f"the endpoint {how}; it said: {log.read_text('utf-8', 'replace')[-1500:].strip()}")
