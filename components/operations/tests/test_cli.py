"""The command line says what is wrong with it, and needs neither kfp nor an engine's client that is not used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from operations.cli import app
from operations.setup import Setup
from typer.testing import CliRunner

SOURCE = Path(__file__).resolve().parents[1] / "src"
CLUSTER = """
{"apiVersion": "v1", "kind": "Config", "current-context": "a",
 "clusters": [{"name": "a", "cluster": {"server": "http://127.0.0.1:9"}}],
 "users": [{"name": "a", "user": {}}],
 "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}]}
"""  # an address where nothing listens
START = ("start", "--engine=argo", "--namespace=ml", "--pipeline=churn", "--version=churn-1")


def operations(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status, and what is printed, in a process of its own."""
    (folder / "config").write_text(CLUSTER)
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "KUBECONFIG": str(folder / "config")}
    command = [sys.executable, "-m", "operations", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_a_cluster_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    status, printed = operations(tmp_path, *START, "--run=a", "--give-up=1")
    assert (status, "given up after 1 s" in printed) == (2, True), printed


def test_a_sweep_says_all_that_it_could_not_do(tmp_path: Path) -> None:
    status, printed = operations(tmp_path, "sweep", "--engine=argo", "--namespace=ml", "--keep=3")
    assert status == 1 and "error: records: " in printed and "error: clean-up: nothing is deleted" in printed, printed


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--run=Not_A_Name",), "--run 'Not_A_Name'"),
        (("--engine=kubeflow",), "--api is missing"),
        (("--statuses=https://api.github.com/repos/a/b",), "--environment and --cluster are missing"),
    ],
)
def test_what_is_wrong_is_said_and_what_to_do(more: tuple[str, ...], message: str, tmp_path: Path) -> None:
    status, printed = operations(tmp_path, *START, *more)
    assert (status, message in printed) == (2, True), printed


@pytest.mark.parametrize(("modules", "never"), [("operations.argo", "kfp_server_api"), ("operations.kubeflow", "kfp")])
def test_what_is_not_needed_is_not_imported(modules: str, never: str) -> None:
    program = f"import sys, operations.cli, {modules}; sys.exit({never!r} in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    assert subprocess.run([sys.executable, "-c", program], env=environment, timeout=120).returncode == 0


def test_a_defect_is_not_taken_for_a_run_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(setup: Setup, patience: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(Setup, "connected", broken)
    asked = ["sweep", "--engine", "argo", "--namespace", "ml", "--keep", "3"]

    assert CliRunner().invoke(app, asked).exit_code == 2
