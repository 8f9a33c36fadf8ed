"""What a run has left is found whatever pipeline it was: metrics, outputs, pictures, and what was written meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generators.runner.artifacts import metrics, outputs, pictures, written_since
from generators.runner.record import StepRecord
from generators.runner.results import Values
from generators.runner.run import RunResult


@pytest.fixture
def result(tmp_path: Path) -> RunResult:
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "plots").mkdir()
    for name in ("a.png", "plots/b.svg", "plots/c.csv"):
        (tmp_path / name).write_text("")
    artifacts = {
        "scores": [{"type": {"schemaTitle": "system.Metrics"}, "uri": "gone", "metadata": {"accuracy": 0.5, "x": []}}],
        "picture": [{"type": {"schemaTitle": "system.Artifact"}, "uri": str(tmp_path / "a.png"), "metadata": {}}],
        "plots": [{"type": {"schemaTitle": "system.Artifact"}, "uri": str(tmp_path / "plots"), "metadata": {}}],
    }
    step = StepRecord("train", "SUCCEEDED", "", outputs=Values({"n": 3}, artifacts))
    return RunResult("p", "r", tmp_path, {}, {}, {}, (step,), seconds=5.0)


def test_metrics_outputs_and_pictures_are_those_of_every_step(result: RunResult, tmp_path: Path) -> None:
    assert metrics(result) == {"train: accuracy": 0.5}
    assert outputs(result) == {"train: n": 3}
    assert [file.name for file in pictures(result, tmp_path)] == ["a.png", "b.svg"]


def test_a_file_counts_where_it_was_written_while_the_run_went_on(result: RunResult, tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"

    assert not written_since(result, database)
    database.write_text("")
    assert written_since(result, database)
    os.utime(database, (0, 0))
    assert not written_since(result, database)
    (tmp_path / "mlflow.db-wal").write_text("")
    assert written_since(result, database)
