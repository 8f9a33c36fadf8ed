"""`graft run` runs what is rendered, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import RunFailed, Stale
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
