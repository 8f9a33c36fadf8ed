"""`check` and `render --check` show findings at the lines of a pull request: of the files that a person edits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[Path, str, str], None]


def _graft(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("graft"), *arguments]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("verb", [["check"], ["render", "--check"], ["render"]])
def test_findings_of_the_sources_stand_at_their_lines(tiny: Path, edit: Edit, verb: list[str]) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    commands = _graft(tiny, *verb, "--output", "github")
    sarif = _graft(tiny, *verb, "--output=sarif")

    assert commands.returncode == sarif.returncode == 1
    assert "::error file=environments/prod.yml,line=" in commands.stdout
    files = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in _results(sarif)]
    assert "environments/prod.yml" in files


def test_what_is_stale_is_a_finding_of_each_file(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    done = _graft(tiny, "render", "--check", "--output", "github")

    assert done.returncode == 1
    assert (
        "::error file=rendered/prod/east/greet/pipelineversion.yaml,line=1,col=1,title=graft rendered/stale::"
        in done.stdout
    )


def test_what_a_policy_denies_stands_where_the_environment_asks_for_it(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{accelerator: optional}", "{accelerator: optional, env: {API_TOKEN: none}}")

    found = _results(_graft(tiny, "check", "--output", "sarif"))
    denied = next(each for each in found if each["ruleId"] == "policy/credentials-are-references")
    (place,) = denied["locations"]

    assert place["physicalLocation"]["artifactLocation"]["uri"] == "environments/prod.yml"
    lines = (tiny / "environments/prod.yml").read_text().splitlines()
    assert lines[place["physicalLocation"]["region"]["startLine"] - 1].strip().startswith("people/greet:")


def test_a_repository_in_a_folder_of_another_is_named_from_the_top(tiny: Path, edit: Edit) -> None:
    (tiny.parent / ".git").mkdir()
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    done = _graft(tiny, "check", "--output", "github")

    assert "::error file=tiny/environments/prod.yml,line=" in done.stdout


def test_a_wrong_call_is_said_to_people_and_to_the_code_host(tiny: Path) -> None:
    done = _graft(tiny, "render", "--env", "prd", "--output", "sarif")

    assert done.returncode == 2 and "prd" in done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert run["results"] == [] and run["invocations"][0]["executionSuccessful"] is False


def _results(done: subprocess.CompletedProcess[str]) -> list[dict]:
    return json.loads(done.stdout)["runs"][0]["results"]
