"""`make fleet` as a person uses it: it shows a checkout, commits are synced, and Ctrl-C leaves nothing."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cluster import process, redis, requirements, scenario
from cluster.process import Process, wait_until
from cluster.requirements import MissingRequirement, not_run

HERE = Path(__file__).parent
TEMPLATES = ("get", "workflowtemplates", "--namespace=greet-staging", "--output=name")


@pytest.fixture
def repository(request, compiled_tiny, tmp_path):
    try:
        if not requirements.ALL:
            raise MissingRequirement("`make e2e` runs Argo CD")
        redis.require()
    except MissingRequirement as missing:
        not_run(request, missing)
    return scenario.repository(compiled_tiny, HERE / "environments", tmp_path / "repository")


@pytest.fixture
def fleet(repository, tmp_path):
    running = process.start("fleet", [sys.executable, HERE / "fleet.py", repository], tmp_path / "fleet.log")
    yield running
    running.stop(60)


def words(fleet: Process) -> str:
    return fleet.log.read_text("utf-8")


def processes_of(folder: str) -> list[str]:
    """The command lines that name a folder, of all processes of this machine."""
    commands = (file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline"))
    return [command.decode(errors="replace") for command in commands if folder.encode() in command]


def test_a_checkout_is_shown_and_nothing_is_left(fleet, repository):
    wait_until(lambda: "Ctrl-C ends it all" in words(fleet), "the fleet to be introduced", [fleet], timeout=300)
    tools = repository / ".graft" / "fleet"
    folder = re.search(r"/tmp/graft-e2e-\w+", (tools / "kubectl").read_text())[0]

    def templates() -> set[str]:
        return set(process.run([tools / "kubectl", "--context=staging-two", *TEMPLATES]).split())

    first = wait_until(templates, "a pipeline in a cluster", [fleet], timeout=300)
    assert "staging-two-greet" in process.run([tools / "argocd", "app", "list", "--output=name"])
    file = repository / "environments" / "staging.yml"
    file.write_text(file.read_text().replace("times: 1", "times: 3"))
    scenario.render(repository)
    scenario.git(repository, "commit", "--quiet", "--all", "--message=Greet three times")
    wait_until(lambda: templates() - first, "the commit in the cluster", [fleet], timeout=120)

    assert processes_of(folder)
    fleet.popen.send_signal(signal.SIGINT)
    assert fleet.popen.wait(60) == 0
    wait_until(lambda: not processes_of(folder), "all processes to end", timeout=20)
    assert not Path(folder).exists() and not tools.exists()
    assert folder not in Path("/proc/mounts").read_text()
    assert scenario.git(repository, "status", "--porcelain") == ""


def test_what_cannot_be_shown_is_said(repository):
    for file in repository.glob("rendered/*/argocd/*.yaml"):
        file.unlink()
    scenario.git(repository, "commit", "--quiet", "--all", "--message=No delivery")
    command = [sys.executable, HERE / "fleet.py", repository]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 2
    assert "no environment is delivered" in done.stderr
