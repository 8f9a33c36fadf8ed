"""The README tells the truth: its commands do what it shows, its table is the tree, its stages are in order.

Its commands run in a copy whose environments are those that it speaks of: an edit of the live ones must not break it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import render

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
STAGES = ("parameters", "overlay", "pipeline", "manifest", "validation", "cluster")
NOT_IN_A_COPY = shutil.ignore_patterns(".git", ".venv", ".graft", "compiled", "__pycache__", ".*_cache", ".hypothesis")


ENVIRONMENTS = ROOT / "tests/readme/environments"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository with the README's environments as one commit, for the commands to change."""
    folder = tmp_path_factory.mktemp("readme") / "graft"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=NOT_IN_A_COPY)
    _as_in_the_readme(folder)
    render.render(Repository(folder))
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "as it is")):
        identity = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def test_the_commands_do_what_is_shown(checkout: Path) -> None:
    """All in one checkout, in the order of the page, as its reader runs them."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for command, shown in _commands():
        done = subprocess.run(
            ["bash", "-c", command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        printed = done.stdout + done.stderr
        assert shown or done.returncode == 0, f"$ {command}\nprinted:\n{printed}"
        if shown:
            assert _pattern(shown).search(printed), f"$ {command}\nshown:\n{shown}\nprinted:\n{printed}"


@pytest.mark.parametrize("edit", ["epochs: 7", "", "epochs: 60\n        more: 1"])
def test_an_edit_of_a_value_does_not_change_what_the_commands_run_on(tmp_path: Path, edit: str) -> None:
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    shutil.copytree(ROOT / "base", tmp_path / "base")
    base, staging = tmp_path / "base/pipelines/transfer_learning.yml", tmp_path / "environments/staging.yml"
    base.write_text(re.sub(r"epochs: \d+", edit, base.read_text()))
    staging.write_text(re.sub(r"epochs: \d+", edit, staging.read_text()))
    (tmp_path / "environments/canary.yml").write_text("classes: []\n")

    _as_in_the_readme(tmp_path)

    assert re.search(r"^ +epochs: 60$", base.read_text(), re.MULTILINE)
    assert "epochs: 80" in staging.read_text()
    assert not (tmp_path / "environments/canary.yml").exists()


def test_every_verb_is_in_the_readme_once_it_exists() -> None:
    helped = subprocess.run(
        [Path(sys.executable).with_name("graft"), "--help"], capture_output=True, text=True, check=True
    )

    verbs = re.findall(r"^│ (\w+) ", helped.stdout, re.MULTILINE)
    assert verbs and [verb for verb in verbs if f"graft {verb}" not in README] == []


def test_the_table_names_every_folder_and_no_other() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in listed.splitlines() if "/" in line} - {".ci"}

    assert set(re.findall(r"^\| `([\w.]+)/` \|", README, re.MULTILINE)) == folders


def test_the_six_stages_stand_in_order() -> None:
    assert " → ".join(STAGES) in README


def test_the_two_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()

    for target in set(re.findall(r"(?:^ {4}|`)make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if not line.startswith(("#", "set ", "cd "))]

    assert lines == ["make test"]


def _as_in_the_readme(folder: Path) -> None:
    """Give a copy the environments that the README speaks of, and the one value of `base/` that it shows."""
    shutil.rmtree(folder / "environments")
    shutil.copytree(ENVIRONMENTS, folder / "environments")
    base = folder / "base/pipelines/transfer_learning.yml"
    without = re.sub(r"^ +epochs:.*\n", "", base.read_text(), flags=re.MULTILINE)
    base.write_text(without.replace("      parameters:\n", "      parameters:\n        epochs: 60\n", 1))


def _commands() -> list[tuple[str, str]]:
    """(command, what the page shows of its output) of every console block."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown.strip()))
    return found


def _pattern(shown: str) -> re.Pattern[str]:
    """The shown output, where `...` stands for anything on its line.

    A line's number in a file of parameters stands for any number, and the room after it for any room.
    """
    text = re.escape(shown.removesuffix("\n...")).replace(re.escape("..."), "[^\n]*")
    return re.compile(re.sub(r"(?:\\ ){3,}", " +", re.sub(r"((?:base|environments)/[^:\n]*:)\d+", r"\1\\d+", text)))
