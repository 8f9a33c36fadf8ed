"""Programs of other people whose answers are the right ones: each is built of its Go module, and asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent
BUILT = Path(__file__).parents[2] / ".graft" / "oracles"
DEFINITIONS = Path(__file__).parents[3] / "shared" / "crds"
MINUTES = 300.0


@pytest.fixture(scope="session")
def cron_oracle() -> Callable[[str], list[str]]:
    """Asks github.com/robfig/cron: a line for each line that it is given, see cron/main.go.

    Its time zones are those of the package tzdata, as graft's are: Go looks in ZONEINFO first.
    """
    program = _built("cron")
    with resources.as_file(resources.files("tzdata") / "zoneinfo") as zones:
        return lambda lines: _run([program], input=lines, env={"ZONEINFO": str(zones)}).splitlines()


@pytest.fixture(scope="session")
def objects_oracle() -> Callable[[list[dict[str, Any]]], list[list[str] | None]]:
    """Asks Kubernetes' API server's own code what it refuses of objects, by the real definitions: objects/main.go."""
    if not DEFINITIONS.is_dir():
        pytest.skip(f"not run: no definitions in {DEFINITIONS}")
    files = sorted(DEFINITIONS.glob("*/*.yaml"))
    program = _built("objects", {**os.environ, "CGO_ENABLED": "0"})  # as tests/e2e builds the same modules

    def ask(objects: list[dict[str, Any]]) -> list[list[str] | None]:
        lines = _run([program, *files], input="\n".join(map(json.dumps, objects))).splitlines()
        return [json.loads(line) for line in lines]

    return ask


def _built(name: str, env: dict[str, str] | None = None) -> Path:
    """The program, which Go builds anew only where something has changed; not run where it cannot be built here."""
    if not shutil.which("go"):
        pytest.skip("not run: Go not found")
    folder, program = SOURCES / name, BUILT / name
    try:
        _run(["go", "-C", folder, "mod", "download"], env=env)
    except subprocess.CalledProcessError as failed:
        pytest.skip(f"not run: Go modules not found: {failed.stderr.strip().splitlines()[-1]}")
    program.parent.mkdir(parents=True, exist_ok=True)
    _run(["go", "-C", folder, "build", "-trimpath", "-buildvcs=false", "-o", program, "."], env=env)
    return program


def _run(command: list[str | Path], input: str = "", env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, input=input, env=env, capture_output=True, text=True, timeout=MINUTES, check=True)
    return done.stdout
