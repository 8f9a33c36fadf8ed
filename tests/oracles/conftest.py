"""Programs of other people whose answers are the right ones: each is built of its Go module, and asked."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent
BUILT = Path(__file__).parents[2] / ".graft" / "oracles"
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
def pod_security() -> Callable[[list[tuple[str, dict]]], list[list[dict[str, str]]]]:
    """Asks k8s.io/pod-security-admission of (level, pod) each: the checks that do not admit it."""
    program = _built("podsecurity")

    def ask(asked: list[tuple[str, dict]]) -> list[list[dict[str, str]]]:
        lines = "\n".join(json.dumps({"level": level, "pod": pod}) for level, pod in asked)
        return [json.loads(line) for line in _run([program], input=lines).splitlines()]

    return ask


@pytest.fixture(scope="session")
def pod_security_fixtures() -> Path:
    """The folder of Kubernetes' own fixtures: <level>/<version>/{pass,fail}/*.yaml."""
    _built("podsecurity")
    module = "k8s.io/pod-security-admission"
    found = _run(["go", "-C", SOURCES / "podsecurity", "list", "-m", "-f", "{{.Dir}}", module])
    return Path(found.strip()) / "test" / "testdata"


def _built(name: str) -> Path:
    """The program, which Go builds anew only where something has changed; not run where it cannot be built here."""
    if not shutil.which("go"):
        pytest.skip("not run: Go not found")
    folder, program = SOURCES / name, BUILT / name
    try:
        _run(["go", "-C", folder, "mod", "download"])
    except subprocess.CalledProcessError as failed:
        pytest.skip(f"not run: Go modules not found: {failed.stderr.strip().splitlines()[-1]}")
    program.parent.mkdir(parents=True, exist_ok=True)
    _run(["go", "-C", folder, "build", "-trimpath", "-buildvcs=false", "-o", program, "."])
    return program


def _run(command: list[str | Path], input: str = "", env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, input=input, env=env, capture_output=True, text=True, timeout=MINUTES, check=True)
    return done.stdout
