"""Records in MLflow for real, on SQLite and files."""

from __future__ import annotations

from pathlib import Path

import pytest
from transfer_learning import tracking
from transfer_learning.checks import StepError
from transfer_learning.run_context import VARIABLES, RunContext
from transfer_learning.tracking import Record


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """One database for all tests here: making its schema takes seconds."""
    root = tmp_path_factory.mktemp("environment")
    places = {"MLFLOW_TRACKING_URI": f"sqlite:///{root}/db/mlflow.db", "STORAGE_URI": f"{root}/store"}
    return RunContext.from_variables(dict.fromkeys(VARIABLES, "x") | places)


def record(**folders: Path) -> Record:
    return Record({"seed": 7}, {"accuracy": 0.75}, {"curve": [0.1, 0.2]}, {"variant": "64 relu"}, folders)


def test_a_record_keeps_parameters_metrics_curves_tags_and_folders(context: RunContext, tmp_path: Path) -> None:
    (tmp_path / "variables").mkdir()
    (tmp_path / "variables" / "data").write_text("weights")
    mlflow = tracking.client(context)
    run = tracking.write(mlflow, context, record(model=tmp_path))
    assert (run.data.params, run.data.metrics["accuracy"], run.info.status) == ({"seed": "7"}, 0.75, "FINISHED")
    assert [point.value for point in mlflow.get_metric_history(run.info.run_id, "curve")] == [0.1, 0.2]
    assert run.data.tags["variant"] == "64 relu"
    assert run.info.artifact_uri == f"{context.storage}/mlflow/{run.info.run_id}/artifacts"
    assert Path(run.info.artifact_uri, "model/variables/data").read_text() == "weights"


def test_a_curve_longer_than_a_batch_is_kept_whole(context: RunContext) -> None:
    mlflow = tracking.client(context)
    run = tracking.write(mlflow, context, Record({}, {}, {"long": [0.5] * 2500}, {}, {}))
    assert len(mlflow.get_metric_history(run.info.run_id, "long")) == 2500


def test_a_record_that_cannot_be_written_whole_is_marked_failed(context: RunContext, tmp_path: Path) -> None:
    mlflow = tracking.client(context)
    with pytest.raises(StepError, match="the folder to record does not exist"):
        tracking.write(mlflow, context, record(model=tmp_path / "missing"))
    experiment = mlflow.get_experiment_by_name(context.pipeline).experiment_id
    assert [run.info.status for run in mlflow.search_runs([experiment], max_results=1)] == ["FAILED"]
