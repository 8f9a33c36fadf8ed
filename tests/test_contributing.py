"""CONTRIBUTING tells the truth: the commands of its walks end well, each in the order of the page, in a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
NOT_IN_A_COPY = shutil.ignore_patterns(".git", ".venv", ".graft", "compiled", "__pycache__", ".*_cache", ".hypothesis")
IDENTITY = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
MOST = 5  # steps of a walk
Edit = Callable[[Path, str, str], None]


def walks() -> list[tuple[str, list[str]]]:
    """(first words, commands) of every walk that shows commands."""
    found = re.findall(r"^\*\*([^*]+)\*\*((?:(?!^\*\*).)*?)```console\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
    return [(title, re.findall(r"^\$ (.*)$", block, re.MULTILINE)) for title, _, block in found]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository, for the commands to change."""
    folder = tmp_path_factory.mktemp("contributing") / "graft"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=NOT_IN_A_COPY)
    return folder


def test_there_is_a_walk_for_everything_that_is_added() -> None:
    titles = " ".join(title for title, _ in walks())

    for word in ("parameter", "pipeline", "component", "environment", "cluster", "policy"):
        assert word in titles
    assert "**A new kfp version.**" in PAGE


@pytest.mark.parametrize(("title", "commands"), walks(), ids=[title for title, _ in walks()])
def test_a_walk_ends_well(checkout: Path, title: str, commands: list[str]) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    assert 1 <= len(commands) <= MOST, title
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


def test_a_conflict_in_what_is_rendered_is_resolved_by_rendering(
    tiny: Path, edit: Edit, commit: Callable[[Path], None]
) -> None:
    commit(tiny)
    _git(tiny, "checkout", "-qb", "other")
    edit(tiny / "environments/prod.yml", "{team: greeters}", "{team: others}")
    render.render(Repository(tiny))
    commit(tiny)
    _git(tiny, "checkout", "-q", "main")
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")
    render.render(Repository(tiny))
    commit(tiny)
    assert _git(tiny, "merge", "other", check=False).returncode
    assert "rendered/prod/east" in _git(tiny, "diff", "--name-only", "--diff-filter=U").stdout

    (block,) = re.findall(r"```shell\n(.*?)```", PAGE, re.DOTALL)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-ec", block], cwd=tiny, env=environment, check=True, capture_output=True)

    assert not _git(tiny, "diff", "--name-only", "--diff-filter=U").stdout
    render.compare(Repository(tiny))
    text = (tiny / "environments/prod.yml").read_text()
    assert "{times: 3}" in text and "{team: others}" in text


def _git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=check, capture_output=True, text=True)
