"""`graft diff --run`: a pipeline run before and after a change, from nothing, each with its own code."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from generators.diff.text import to_text
from generators.inventory.read import Repository
from generators.verbs import render
from generators.verbs.diff import diff

COMPONENT = "components/greeter/component.py"
OLD = "def collect(greetings: list[str]) -> str:\n"
NEW = """def collect(greetings: list[str], metrics: dsl.Output[dsl.Metrics], judged: dsl.Output[dsl.Artifact]) -> str:
    import json, pathlib

    known = greetings[0].startswith("Good")
    answers = [True] * 90 + [known] * 10
    pathlib.Path(judged.path).mkdir(parents=True)
    pathlib.Path(judged.path, "results.json").write_text(json.dumps({"truth": [True] * 100, "answers": answers}))
    metrics.log_metric("accuracy", sum(answers) / 100)
"""
LOGGED = '    metrics.log_metric("letters", len(greetings[0]))\n'


@pytest.fixture
def measured(tiny: Path) -> Path:
    """The tiny repository, committed, with a step that logs a metric."""
    file = tiny / COMPONENT
    file.write_text(file.read_text().replace(OLD, NEW + LOGGED))
    pipeline = tiny / "generators/pipelines/greet.py"
    pipeline.write_text(pipeline.read_text().replace("collected.output", 'collected.outputs["Output"]'))
    render.render(Repository(tiny))
    (tiny / ".gitignore").write_text(".graft/\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], cwd=tiny, check=True)
    return tiny


def test_metrics_of_both_runs_stand_side_by_side_and_nothing_is_left_in_the_checkout(measured: Path, edit) -> None:
    edit(measured / "base/pipelines/greet.yml", "word: Good morning", "word: Hello")

    found = diff(Repository(measured), "HEAD", run=True)

    (run,) = found.runs
    letters = next(each for each in run.measures if each.name == "collect: letters")
    assert letters.verdict == "differs, by how much it would anyway is not known"
    assert float(letters.before) - float(letters.after) == len("Good morning") - len("Hello")
    accuracy = next(each for each in run.measures if each.name == "collect: accuracy")
    assert accuracy.verdict == "lower"
    assert accuracy.how == "on the same 100 items, 0 right only after and 10 only before, McNemar p = 0.002"
    assert "Runs of greet here, before and after" in to_text(found)
    assert not (measured / ".graft/runs").exists()


def test_a_run_that_fails_says_on_which_side_and_why(measured: Path, edit) -> None:
    edit(measured / COMPONENT, LOGGED, '    raise ValueError("nobody listens")\n')

    (run,) = diff(Repository(measured), "HEAD", run=True).runs

    (failed,) = run.failed
    assert failed.startswith("greet fails after the change: ") and "nobody listens" in failed


def test_where_nothing_changes_here_there_is_nothing_to_run(measured: Path, edit) -> None:
    edit(measured / "environments/prod.yml", "times: 2", "times: 3")

    found = diff(Repository(measured), "HEAD", run=True)

    assert found.runs == () and "so none was run" in to_text(found)
