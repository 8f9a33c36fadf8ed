"""Programs of other people whose answers are the right ones: each is built of its Go module, and asked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent
sys.path.append(str(SOURCES))  # `probes`, `changed_objects`
BUILT = Path(__file__).parents[2] / ".graft" / "oracles"
DEFINITIONS = Path(__file__).parents[3] / "shared" / "crds"
EVERYTHING = bool(os.environ.get("GRAFT_E2E"))
QUICK = ("cron",)  # built in seconds, wherever Go is
MINUTES = 300.0
GO = {**os.environ, "CGO_ENABLED": "0"}  # as tests/e2e builds the same modules, so that both share Go's cache
LONG = 1800.0  # to build what holds most of an API server, once


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
    program = _built("kubernetes/podsecurity")

    def ask(asked: list[tuple[str, dict]]) -> list[list[dict[str, str]]]:
        lines = "\n".join(json.dumps({"level": level, "pod": pod}) for level, pod in asked)
        return [json.loads(line) for line in _run([program], input=lines).splitlines()]

    return ask


@pytest.fixture(scope="session")
def objects_oracle() -> Callable[[list[dict[str, Any]]], list[list[str] | None]]:
    """Asks Kubernetes' API server's own code what it refuses of objects, by the real definitions."""
    if not DEFINITIONS.is_dir():
        pytest.skip(f"not run: no definitions in {DEFINITIONS}")
    files = sorted(DEFINITIONS.glob("*/*.yaml"))
    program = _built("kubernetes/objects")

    def ask(objects: list[dict[str, Any]]) -> list[list[str] | None]:
        lines = _run([program, *files], input="\n".join(map(json.dumps, objects))).splitlines()
        return [json.loads(line) for line in lines]

    return ask


@pytest.fixture(scope="session")
def defaults_oracle() -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Has Kubernetes' own code fill objects in."""
    program = _built("kubernetes/defaults")
    return lambda objects: [
        json.loads(line) for line in _run([program], input="\n".join(map(json.dumps, objects))).splitlines()
    ]


@pytest.fixture(scope="session")
def pod_security_fixtures() -> Path:
    """The folder of Kubernetes' own fixtures: <level>/<version>/{pass,fail}/*.yaml."""
    _built("kubernetes/podsecurity")
    module = "k8s.io/pod-security-admission"
    found = _run(["go", "-C", SOURCES / "kubernetes", "list", "-m", "-f", "{{.Dir}}", module])
    return Path(found.strip()) / "test" / "testdata"


@pytest.fixture(scope="session")
def policies_program() -> Path:
    """The code of the API server that evaluates policies and expressions, see policies/main.go."""
    return _built("policies")


@pytest.fixture(scope="session")
def conformance_suite(policies_program: Path) -> Path:
    """The folder of CEL's own conformance suite, in the release that the API server's modules name."""
    return Path(_run(["go", "-C", SOURCES / "policies", "list", "-m", "-f", "{{.Dir}}", "cel.dev/expr"]).strip())


@pytest.fixture
def policies_oracle(policies_program: Path, tmp_path: Path) -> Callable[..., Callable[[], Iterator[Any]]]:
    """Has it judge requests by a cluster's policies, in a process beside this one, and gives its answers one by one."""

    def begin(cluster: dict[str, Any], requests: list[dict[str, Any]]) -> Callable[[], Iterator[Any]]:
        state, asked, answered = (tmp_path / name for name in ("cluster.json", "requests.jsonl", "verdicts.jsonl"))
        state.write_text(json.dumps(cluster), "utf-8")
        asked.write_text("".join(json.dumps(request) + "\n" for request in requests), "utf-8")
        with asked.open() as given, answered.open("w") as taken:
            process = subprocess.Popen(
                [policies_program, "judge", state], stdin=given, stdout=taken, stderr=subprocess.PIPE
            )

        def answers() -> Iterator[Any]:
            _, said = process.communicate(timeout=LONG)
            assert process.returncode == 0, said.decode()
            with answered.open() as lines:
                yield from map(json.loads, lines)

        return answers

    return begin


@pytest.fixture(scope="session")
def expressions_oracle(policies_program: Path) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Evaluates expressions in the CEL environment of a Kubernetes release."""

    def evaluate(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines = "".join(json.dumps(each) + "\n" for each in asked)
        return list(map(json.loads, _run([policies_program, "evaluate"], input=lines).splitlines()))

    return evaluate


def _not_run(reason: str) -> None:
    """Where everything is to be checked, that this cannot be is a failure."""
    if EVERYTHING:
        pytest.fail(f"could not be run: {reason}")
    pytest.skip(f"not run: {reason}")


def _built(name: str) -> Path:
    """The program in a folder: `make e2e` builds it, in ten minutes at first, and `make test` takes what was built.

    Programs of one module share what is compiled. `policies` has one of its own, with the release of cel-go that
    Kubernetes has; what tests/e2e builds, and `kubernetes` with it, has a later one by other modules' wish.
    """
    program, folder = BUILT / Path(name).name, SOURCES / name
    module = next(each for each in (folder, *folder.parents) if (each / "go.mod").exists())
    content, said = _content(folder, module), program.with_suffix(".sha256")
    if program.exists() and said.exists() and said.read_text() == content:
        return program
    if not EVERYTHING and name not in QUICK:
        _not_run(f"`make e2e` builds the oracle {program.name}")
    if not shutil.which("go"):
        _not_run("Go not found")
    try:
        _run(["go", "-C", module, "mod", "download"], env=GO)
    except subprocess.CalledProcessError as failed:
        _not_run(f"Go modules not found: {failed.stderr.strip().splitlines()[-1]}")
    program.parent.mkdir(parents=True, exist_ok=True)
    build = ["go", "-C", module, "build", "-trimpath", "-buildvcs=false", "-o", program, folder]
    _run(build, env=GO, seconds=LONG)
    said.write_text(content)
    return program


def _content(folder: Path, module: Path) -> str:
    """A hash of all that decides what is built."""
    files = [module / "go.mod", module / "go.sum", *sorted(folder.glob("*.go"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _run(
    command: list[str | Path], input: str = "", env: dict[str, str] | None = None, seconds: float = MINUTES
) -> str:
    done = subprocess.run(command, input=input, env=env, capture_output=True, text=True, timeout=seconds, check=True)
    return done.stdout
