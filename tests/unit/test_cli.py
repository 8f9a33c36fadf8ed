"""The command line says the same to people and to programs, and its exit status tells what happened."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[Path, str, str], None]
VERBS = ("render", "check", "explain", "run", "convert")


def graft(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("graft"), *arguments, "--repo", repository]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), verb, "--help"], capture_output=True, text=True, check=True
    )

    assert "--output" in done.stdout


def test_an_unknown_verb_is_bad_use() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("graft"), "rendr"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2


def test_a_folder_that_is_no_repository_is_bad_use(tmp_path: Path) -> None:
    done = graft(tmp_path, "check")

    assert done.returncode == 2
    assert "not in a graft repository" in done.stderr and "--repo PATH" in done.stderr


def test_a_fine_repository_exits_0(tiny: Path) -> None:
    assert graft(tiny, "check").returncode == 0
    assert graft(tiny, "render", "--check").returncode == 0


def test_findings_exit_1_and_read_alike_as_text_and_json(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    text, machine = graft(tiny, "check"), graft(tiny, "check", "--output", "json")

    assert (text.returncode, machine.returncode) == (1, 1)
    (finding,) = [found for found in json.loads(machine.stdout)["findings"] if found["verdict"] == "invalid"]
    assert f"{finding['file']}:{finding['line']}:{finding['column']}: error: {finding['path']}" in text.stdout
    assert finding["fix"] == "did you mean times?" and finding["fix"] in text.stdout


def test_a_stale_tree_exits_1_and_names_the_command(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{times: 3}")

    done = graft(tiny, "render", "--check")

    assert done.returncode == 1
    assert "rendered/prod/east/greet/pipelineversion.yaml" in done.stderr and "run: graft render" in done.stderr


def test_render_refuses_with_every_finding(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2, wrd: x}")

    done = graft(tiny, "render")

    assert done.returncode == 1
    assert "did you mean times?" in done.stderr and "did you mean word?" in done.stderr


def test_explain_names_every_line_that_set_a_value(tiny: Path, edit: Edit) -> None:
    edit(tiny / "base/pipelines/greet.yml", "word: Good morning", "word: Good morning\n        times: 5")

    done = graft(tiny, "explain", "prod", "pipelines.greet.parameters.times")

    assert done.stdout.splitlines() == [
        "pipelines.greet.parameters.times = 2",
        "  base/pipelines/greet.yml:7   5",
        "  environments/prod.yml:32     2   <- used",
    ]


def test_explain_shows_the_pipeline_s_own_default_where_no_file_sets_one(tiny: Path) -> None:
    done = graft(tiny, "explain", "staging", "pipelines.greet.parameters.rate")

    assert done.stdout.splitlines() == [
        "pipelines.greet.parameters.rate = 0.5",
        "  definitions/greet/4dbb8e3ec3.json   0.5   <- used (the pipeline's own default)",
    ]


def test_explain_of_an_unknown_key_names_the_nearest(tiny: Path) -> None:
    done = graft(tiny, "explain", "prod", "namespce")

    assert done.returncode == 2
    assert "did you mean namespace?" in done.stderr


def test_a_run_s_outcome_is_printed_as_json_for_programs(tiny: Path) -> None:
    done = graft(tiny, "run", "greet", "--set", "times=2", "--output", "json")

    record = json.loads(done.stdout)
    assert (done.returncode, record["state"]) == (0, "SUCCEEDED")
    assert record["parameters"]["times"] == 2


def test_a_run_of_nonsense_says_what_is_wrong(tiny: Path) -> None:
    assert (
        "have no pipeline" in graft(tiny, "run", "gret").stderr
        or "has no pipeline" in graft(tiny, "run", "gret").stderr
    )
    assert "is this machine" in graft(tiny, "run", "greet", "--env", "prod").stderr
    assert "not KEY=VALUE" in graft(tiny, "run", "greet", "--set", "times").stderr
    assert "is not an integer" in graft(tiny, "run", "greet", "--set", "times=two").stderr
    assert "did you mean times?" in graft(tiny, "run", "greet", "--set", "tims=2").stderr
