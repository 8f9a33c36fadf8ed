"""CONTRIBUTING tells the truth: the commands of its walks end well, each in the order of the page, in a copy."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generators.cli import app
from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
NOT_IN_A_COPY = shutil.ignore_patterns(".git", ".venv", ".graft", "compiled", "__pycache__", ".*_cache", ".hypothesis")
IDENTITY = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
MOST = 5  # steps of a walk
CHECK = "graft check"
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

    for word in ("parameter", "that is new", "pipeline", "component", "environment", "cluster", "policy"):
        assert word in titles
    assert "**A new kfp version**" in PAGE


@pytest.mark.parametrize(("title", "commands"), walks(), ids=[title for title, _ in walks()])
def test_a_walk_ends_well(checkout: Path, title: str, commands: list[str]) -> None:
    assert 1 <= len(commands) <= MOST, title
    for command in commands:
        if command != CHECK:  # of them all together, in the end
            _run(checkout, command)


def test_what_all_walks_leave_is_accepted(checkout: Path) -> None:
    assert all(CHECK in commands for _, commands in walks() if "graft render" in commands)

    _run(checkout, CHECK)


def test_the_edit_of_a_new_kfp_names_it_wherever_it_is_named(tmp_path: Path) -> None:
    edit, *rest = _shell("A new kfp version")
    assert len(rest) < MOST and rest == ["make lock", "make install", "graft render", "make golden"]
    for file in ("pyproject.toml", "components/shared/requirements.txt"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    subprocess.run(["bash", "-c", edit], cwd=tmp_path, check=True)
    text = (tmp_path / "pyproject.toml").read_text()
    assert re.findall(r"^ *\"(kfp[\w-]*)==2.18.0\"", text, re.MULTILINE) == [
        "kfp",
        "kfp-kubernetes",
        "kfp-pipeline-spec",
    ]
    assert "kfp==2.18.0" in (tmp_path / "components/shared/requirements.txt").read_text()


def _run(checkout: Path, command: str) -> None:
    """A command of the page: graft's own in this process, which has imported what they need; others in a shell."""
    if command.startswith("graft "):
        result = CliRunner().invoke(app, [*shlex.split(command)[1:], "--repo", str(checkout)])
        assert result.exit_code == 0, f"$ {command}\n{result.output}{result.exception!r}"
        return
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


def _shell(title: str) -> list[str]:
    """The lines of the shell block of a walk."""
    return re.search(rf"^\*\*{title}.*?```shell\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)[1].splitlines()


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

    block = "\n".join(_shell("A conflict in"))
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-ec", block], cwd=tiny, env=environment, check=True, capture_output=True)

    assert not _git(tiny, "diff", "--name-only", "--diff-filter=U").stdout
    render.compare(Repository(tiny))
    text = (tiny / "environments/prod.yml").read_text()
    assert "{times: 3}" in text and "{team: others}" in text


def _git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=check, capture_output=True, text=True)
