"""The steps learn from good data, and fail on data that nothing can be learnt from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from graft_steps.checks import StepError
from mlflow import pyfunc
from my_pipeline import examples
from my_pipeline.steps import preparing, releasing

if TYPE_CHECKING:
    from conftest import Trained


def test_the_model_beats_the_most_frequent_class(trained: Trained) -> None:
    assert trained.metrics["accuracy_low"] > trained.metrics["baseline"]


def test_mlflow_loads_the_model_and_gets_its_answers(trained: Trained) -> None:
    assert pyfunc.load_model(str(trained.model)).predict(np.array([[-1.0, -1.0], [3.0, 3.0]])).tolist() == [0, 1]


def test_the_same_seed_gives_the_same_examples() -> None:
    assert (
        examples.draw(100, 2.0, 7).digest()
        == examples.draw(100, 2.0, 7).digest()
        != examples.draw(100, 2.0, 8).digest()
    )


@pytest.mark.parametrize(
    ("count", "distance", "words"), [(10, 2.0, "from 80 to"), (100, 0.0, "above 0"), (80.5, 2.0, "whole number")]
)
def test_a_parameter_out_of_range_is_refused(tmp_path: Path, count: int, distance: float, words: str) -> None:
    with pytest.raises(StepError, match=words):
        preparing.prepare(count, distance, 7, tmp_path)


def test_examples_of_one_class_or_of_one_point_are_refused() -> None:
    drawn = examples.draw(400, 2.0, 7)

    with pytest.raises(StepError, match="give more examples"):
        examples.check(replace(drawn, labels=np.zeros_like(drawn.labels)))
    with pytest.raises(StepError, match="all points of the data are the same"):
        examples.check(replace(drawn, points=np.zeros_like(drawn.points)))


def test_data_that_are_cut_off_are_refused(tmp_path: Path) -> None:
    examples.write(examples.draw(400, 2.0, 7), tmp_path)
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:200])

    with pytest.raises(StepError, match="cannot be read"):
        examples.read(tmp_path)


def test_the_gate_accepts_a_good_model_and_records_why(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db",
        "STORAGE_URI": f"{tmp_path}/store",
        "GRAFT_PIPELINE": "my-pipeline",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "my-pipeline@sha256:0",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    accepted = releasing.gate(trained.model, trained.evaluation, 0.6, tmp_path / "summary.md")
    refused = releasing.gate(trained.model, trained.evaluation, 0.999, tmp_path / "summary.md")

    assert (accepted.accepted, refused.accepted) == (True, False)
    assert "below the threshold" in refused.reason
