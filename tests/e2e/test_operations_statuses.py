"""What became of a run is a commit status, once for each state, in a repository held to GitHub's own description."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cluster import operations
from cluster.apiserver import ApiServer
from cluster.operations import COMPONENT, Namespace, ended, intent, template
from cluster.process import wait_until

sys.path.append(str(COMPONENT / "tests"))

import github_server

FIRST_PORT = 22000
PATH = "rendered/staging/staging-us/churn/workflowtemplate.yaml"
COMMIT = "b" * 40


@dataclass
class Forge:
    """A namespace, the repository beside it, and the file of the repository's state."""

    namespace: Namespace
    file: Path
    port: int

    @property
    def options(self) -> tuple[str, ...]:
        repository = f"http://127.0.0.1:{self.port}/repos/acme/fleet"
        return (f"--statuses={repository}", "--environment=staging", "--cluster=staging-us", "--branch=main")

    def sweep(self) -> None:
        status, printed = self.namespace.operations("sweep", "--keep=5", *self.options)
        assert status == 0, printed

    def statuses(self) -> list[tuple[str, str, str]]:
        """(commit, state, description) of each that was written, in their order."""
        written = json.loads(self.file.read_text())["statuses"]
        return [(it["sha"], it["status"]["state"], it["status"]["description"]) for it in written]

    def asked(self) -> list[str]:
        """The methods and paths of all requests."""
        requests = json.loads(self.file.read_text())["requests"]
        return [f"{method} {path.removeprefix('/repos/acme/fleet/')}" for method, path, _, _ in requests]


@pytest.fixture
def forge(api_server: ApiServer, tmp_path: Path) -> Iterator[Forge]:
    """A run of the version that the second of two commits brought."""
    try:
        github_server.description()
    except github_server.NotAvailable as missing:
        pytest.skip(f"not run: {missing}")
    own = operations.namespace(api_server)
    own.create(template("churn-1"), intent(version="churn-1", file="churn/workflowtemplate.yaml"))
    file = tmp_path / "github.json"
    commits = [(COMMIT, {PATH: "  name: churn-1\n"}), ("a" * 40, {PATH: "  name: churn-0\n"})]
    file.write_text(json.dumps(github_server.state(*commits)))
    found = Forge(own, file, FIRST_PORT + int(own.name.rpartition("-")[2]))
    command = [sys.executable, COMPONENT / "tests" / "github_server.py", str(found.port), file]
    process = api_server.sandbox.start(f"github-{found.port}", command)
    probe = f"import socket; socket.create_connection(('127.0.0.1', {found.port})).close()"
    wait_until(lambda: api_server.sandbox.run([sys.executable, "-c", probe]) == "", "GitHub to listen", [process])
    yield found
    process.stop()


def test_each_state_of_a_run_is_written_once(forge: Forge) -> None:
    forge.namespace.start("merge-1")
    forge.sweep()
    forge.sweep()
    assert forge.statuses() == [(COMMIT, "pending", "Running: merge-1")]

    forge.namespace.patch("workflow", "merge-1", ended("merge-1"))
    forge.sweep()
    forge.sweep()
    assert forge.statuses()[1:] == [(COMMIT, "success", "Succeeded: accuracy 0.79")]


def test_whoever_waits_for_a_run_writes_its_end(forge: Forge) -> None:
    forge.namespace.start("merge-1")
    forge.namespace.patch("workflow", "merge-1", ended("merge-1", "Failed"))

    assert forge.namespace.start("merge-1", "--wait", *forge.options)[0] == 1
    assert forge.statuses() == [(COMMIT, "failure", "Failed: gate: main: Error (exit code 1)")]


@pytest.mark.parametrize("written", [True, False])
def test_a_status_that_was_left_in_between_is_there_once(written: bool, forge: Forge) -> None:
    forge.namespace.start("merge-1")
    forge.sweep()
    pending = {"posted": "", "posting": "pending", "commit": COMMIT}
    forge.namespace.patch("configmap", "run-merge-1", {"data": pending})
    if not written:
        state: dict[str, Any] = json.loads(forge.file.read_text())
        forge.file.write_text(json.dumps(state | {"statuses": []}))

    forge.sweep()
    assert forge.statuses() == [(COMMIT, "pending", "Running: merge-1")]
    assert forge.namespace.record("merge-1")["posted"] == "pending"


def test_a_version_that_no_commit_names_is_asked_for_once(forge: Forge) -> None:
    forge.namespace.create(template("churn-9"))
    forge.namespace.start("merge-9", version="churn-9")
    forge.sweep()
    asked = forge.asked()
    forge.sweep()

    assert (forge.statuses(), forge.asked()) == ([], asked)
    assert forge.namespace.record("merge-9")["unposted"] == "no commit of the branch names the version"
