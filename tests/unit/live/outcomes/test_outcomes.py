"""Outcomes are read where they are written: GitHub's statuses by its own description, and the records of clusters."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from generators.inventory.read import Repository
from generators.live.declared import of_environment
from generators.live.model import Run
from generators.live.namespace import Namespace
from generators.live.outcomes import clusters, evidence, github
from generators.live.outcomes.outcome import FAILED, PROVED, UNKNOWN
from generators.pages.outcomes import of_statuses
from generators.pages.site import Site
from tests.unit.edit.conftest import load

ROOT = Path(__file__).resolve().parents[4]
SERVER = ROOT / "components/operations/tests/github_server.py"


@dataclass(frozen=True)
class Forge:
    """A running server of GitHub's API, and how a status is written there."""

    url: str

    def post(self, commit: str, context: str, state: str) -> None:
        body = {"state": state, "context": context, "description": f"it is {state}"}
        answer = httpx2.post(
            f"{self.url}/repos/acme/fleet/statuses/{commit}", json=body, headers={"Authorization": "Bearer t"}
        )
        assert answer.status_code == 201, answer.text


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    spec = importlib.util.spec_from_file_location("github_server", SERVER)
    server = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["github_server"] = server
    spec.loader.exec_module(server)
    try:
        server.description()
    except server.NotAvailable as reason:
        pytest.skip(f"not run: {reason}")
    file = tmp_path / "state.json"
    file.write_text(json.dumps(server.state()))
    http = server.serve(0, file)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield Forge(f"http://127.0.0.1:{http.server_port}")
    http.shutdown()


@pytest.fixture
def repository(tiny: Path, commit: Callable[[Path], None]) -> Repository:
    commit(tiny)
    return Repository(tiny)


def asked(repository: Repository, whom: str, environ: dict[str, str]) -> list[Any]:
    fleet = load(repository)
    environment = fleet.environments["staging"]
    definition = fleet.definition("staging", "greet")
    return evidence.ask(repository, environment, environment.pipelines[0], definition, whom, environ)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["success"], PROVED),
        (["success", "failure"], FAILED),  # the newest counts
        (["failure", "success"], PROVED),
        (["error"], FAILED),
        (["pending"], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_the_newest_status_at_the_commit_that_brought_the_definition_counts(
    repository: Repository, forge: Forge, states: list[str], expected: str
) -> None:
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository.root, capture_output=True, text=True, check=True
    ).stdout.strip()
    for state in states:
        forge.post(head, "graft/staging/one/greet", state)

    one, two = asked(repository, "github", {
        "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/fleet", "GITHUB_API_URL": forge.url,
    })  # fmt: skip

    assert (one.cluster, one.state) == ("one", expected) and two.state == UNKNOWN
    assert not states or f"it is {states[-1]}" in one.why


def test_a_status_of_an_older_commit_counts_as_long_as_it_has_the_definition(
    repository: Repository, forge: Forge, commit: Callable[[Path], None]
) -> None:
    from generators.verbs.set import set_values

    def head() -> str:
        command = ["git", "rev-parse", "HEAD"]
        return subprocess.run(command, cwd=repository.root, capture_output=True, text=True, check=True).stdout.strip()

    forge.post(head(), "graft/staging/one/greet", "success")
    set_values(repository, "staging", ["pipelines.greet.parameters.times=3"])
    commit(repository.root)
    environ = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/fleet", "GITHUB_API_URL": forge.url}

    assert asked(repository, "auto", environ)[0].state == PROVED

    forge.post(head(), "graft/staging/one/greet", "failure")
    assert asked(repository, "auto", environ)[0].state == FAILED


def test_the_report_shows_how_runs_ended_by_their_statuses(repository: Repository, forge: Forge) -> None:
    command = ["git", "rev-parse", "HEAD"]
    head = subprocess.run(command, cwd=repository.root, capture_output=True, text=True, check=True).stdout.strip()
    forge.post(head, "graft/staging/one/greet", "success")
    forge.post(head, "graft/prod/east/greet", "failure")
    environ = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/fleet", "GITHUB_API_URL": forge.url}

    found = of_statuses(load(repository), datetime(2026, 1, 31, 12, tzinfo=UTC), environ)

    assert {key[:2]: (each.word, each.state) for key, each in found.rows.items()} == {
        ("staging", "one"): ("succeeded", "good"),
        ("staging", "two"): ("unknown", "open"),
        ("prod", "east"): ("failed", "bad"),
        ("prod", "west"): ("unknown", "open"),
    }
    page = Site(load(repository), outcomes=found).files()["index.html"]
    assert "succeeded" in page and "Commit statuses were read at 2026-01-31 12:00 UTC" in page


def test_whoever_gives_no_answer_leaves_it_unknown(repository: Repository) -> None:
    environ = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "acme/fleet", "GITHUB_API_URL": "http://127.0.0.1:1"}

    assert {each.state for each in asked(repository, "github", environ)} == {UNKNOWN}
    assert "GITHUB_REPOSITORY" in asked(repository, "github", {"GITHUB_TOKEN": "t"})[0].why
    assert "--outcome none" in asked(repository, "none", {})[0].why


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:acme/fleet.git", "https://api.github.com/repos/acme/fleet"),
        ("https://github.com/acme/fleet", "https://api.github.com/repos/acme/fleet"),
        ("https://user:secret@github.com/acme/fleet.git", "https://api.github.com/repos/acme/fleet"),
        ("ssh://git@github.com:22/acme/fleet.git", "https://api.github.com/repos/acme/fleet"),
        ("https://git.internal/acme/fleet.git", None),
        ("", None),
    ],
)
def test_the_repository_is_that_of_origin(repository: Repository, remote: str, address: str | None) -> None:
    if remote:
        subprocess.run(["git", "remote", "add", "origin", remote], cwd=repository.root, check=True)

    found = github.of(repository, load(repository).environments["staging"], {})

    assert (found and found.address) == address


@pytest.mark.parametrize(
    ("phase", "same", "expected"),
    [("Succeeded", True, PROVED), ("Failed", True, FAILED), ("Running", True, UNKNOWN), ("Succeeded", False, UNKNOWN)],
)
def test_the_newest_run_of_the_version_counts_in_a_cluster(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, phase: str, same: bool, expected: str
) -> None:
    declared = list(of_environment(repository, load(repository).environments["staging"]))
    version = declared[0].version if same else "greet-0000000000"
    answer = Namespace(runs={"greet": Run("run-1", phase, version)})
    monkeypatch.setattr(clusters.asking, "all_at_once", lambda questions: dict.fromkeys(questions, answer))

    assert clusters.outcomes(declared)[0].state == expected
