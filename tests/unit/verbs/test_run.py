"""`graft run` runs what is rendered, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError, RunFailed, Stale
from generators.inventory.read import Repository
from generators.verbs import render, run

Edit = Callable[[Path, str, str], None]


def _collected(repository: Path, *assignments: str) -> str:
    outcome = run.run(Repository(repository), "greet", "local", list(assignments), lambda event: None)
    (step,) = [step for step in outcome.result.steps if step.path == "collect"]
    return step.outputs.parameters["Output"]


def test_a_variable_of_the_environment_reaches_the_step(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/local.yml", "TONE: warm", "TONE: cold")
    render.render(Repository(tiny))

    assert _collected(tiny) == "Good morning, Ada [64, 32] 0.5 cold\nGood morning, Grace [128] 0.5 cold"


def test_an_assignment_holds_for_one_run(tiny: Path) -> None:
    assert (
        _collected(tiny, 'people=[{"name": "Alan", "layers": [8]}]', "times=2", "word=Hi") == "Hi Hi, Alan [8] 0.5 warm"
    )
    assert _collected(tiny).startswith("Good morning, Ada")


def test_a_tree_that_is_not_rendered_does_not_run(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/local.yml", "TONE: warm", "TONE: cold")

    with pytest.raises(Stale) as stale:
        _collected(tiny)

    assert stale.value.files == ("rendered/local/laptop/greet/pipeline.yaml",)


def test_a_failing_step_fails_the_run_with_its_log(tiny: Path) -> None:
    with pytest.raises(RunFailed) as failed:
        _collected(tiny, "people=[]")

    assert failed.value.step == "collect"
    assert "it said: ValueError: nobody was greeted" in failed.value.reason
    assert "nobody was greeted" in failed.value.log.read_text()


def test_a_branch_that_is_not_taken_is_skipped(tiny: Path) -> None:
    outcome = run.run(Repository(tiny), "greet", "local", ["polite=false"], lambda event: None)

    states = {step.path: step.state for step in outcome.result.steps}
    assert states["collect"] == "SUCCEEDED"
    assert states["if-polite"] == "SKIPPED" or states.get("if-polite/praise") == "SKIPPED"


def test_the_end_of_a_run_shows_outputs_and_no_mlflow_that_nothing_wrote(tiny: Path) -> None:
    done = _graft(tiny, "run", "greet", "--set", "times=2")

    assert "Outputs" in done.stdout and "collect: Output" in done.stdout
    assert "MLflow" not in done.stdout and "mlflow ui" not in done.stdout


def test_a_failing_step_says_why_once_and_where_its_log_is(tiny: Path) -> None:
    done = _graft(tiny, "run", "greet", "--set", "people=[]")

    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert said.count("ValueError: nobody was greeted") == 1
    assert "Traceback" not in said and "log.txt" in done.stderr


def test_an_unknown_parameter_is_answered_once(tiny: Path) -> None:
    done = _graft(tiny, "run", "greet", "--set", "tims=2")

    assert (done.returncode, done.stderr.count("unknown parameter")) == (2, 1)
    assert "did you mean times?" in done.stderr


def _graft(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("graft"), *arguments, "--repo", repository]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_misspelt_pipeline_is_told_the_nearest(tiny: Path) -> None:
    with pytest.raises(GraftError) as refused:
        run.run(Repository(tiny), "gret", "local", [], lambda event: None)

    assert refused.value.fix == "did you mean greet?"
