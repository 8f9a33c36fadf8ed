"""Records in MLflow for real, on SQLite and files."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from graft_steps import records
from graft_steps.checks import StepError
from graft_steps.records import Record
from graft_steps.run_context import VARIABLES, RunContext

SOURCE = Path(__file__).resolve().parents[1] / "src"


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
    mlflow = records.client(context)
    run = records.write(mlflow, context, record(model=tmp_path))
    assert (run.data.params, run.data.metrics["accuracy"], run.info.status) == ({"seed": "7"}, 0.75, "FINISHED")
    assert [point.value for point in mlflow.get_metric_history(run.info.run_id, "curve")] == [0.1, 0.2]
    assert run.data.tags["variant"] == "64 relu"
    assert run.info.artifact_uri == f"{context.storage}/mlflow/{run.info.run_id}/artifacts"
    assert Path(run.info.artifact_uri, "model/variables/data").read_text() == "weights"


def test_first_runs_at_the_same_moment_wait_for_one_another(tmp_path: Path) -> None:
    """MLflow alone fails in each of them, and leaves half a schema behind."""
    program = """
import sys
from graft_steps import records
from graft_steps.run_context import VARIABLES, RunContext
places = {"MLFLOW_TRACKING_URI": f"sqlite:///{sys.argv[1]}/mlflow.db", "STORAGE_URI": f"{sys.argv[1]}/store"}
context = RunContext.from_variables(dict.fromkeys(VARIABLES, "x") | places)
records.write(records.client(context), context, records.Record({"seed": 7}, {}, {}, {}, {}))
"""
    arguments = [sys.executable, "-c", program, str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    started = [subprocess.Popen(arguments, env=env, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(each.communicate()[1][-500:], each.returncode) for each in started] == [("", 0)] * 3


def test_a_run_waits_while_another_one_has_the_file_locked(context: RunContext) -> None:
    mlflow = records.client(context)
    holder = sqlite3.connect(context.tracking.partition(":///")[2], isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(6, holder.rollback)  # SQLite's own patience is five seconds
    release.start()
    assert records.write(mlflow, context, record()).info.status == "FINISHED"
    release.join()


def test_a_run_that_is_there_already_is_continued_and_not_doubled(context: RunContext, tmp_path: Path) -> None:
    mlflow = records.client(context)
    experiment = mlflow.create_experiment("begun by another")
    begun = mlflow.create_run(experiment).info.run_id
    mlflow.log_param(begun, "seed", "set before")

    run = records.write(mlflow, replace(context, run_id=begun), record(model=tmp_path))

    assert (run.info.run_id, run.info.experiment_id, run.info.status) == (begun, experiment, "RUNNING")
    assert (run.data.params["seed"], run.data.metrics["accuracy"]) == ("set before", 0.75)
    assert len(mlflow.search_runs([experiment])) == 1


def test_a_run_to_continue_that_is_not_there_is_named(context: RunContext) -> None:
    with pytest.raises(StepError, match="MLFLOW_RUN_ID: there is no run 0123"):
        records.write(records.client(context), replace(context, run_id="0123"), record())


def test_a_curve_longer_than_a_batch_is_kept_whole(context: RunContext) -> None:
    mlflow = records.client(context)
    run = records.write(mlflow, context, Record({}, {}, {"long": [0.5] * 2500}, {}, {}))
    assert len(mlflow.get_metric_history(run.info.run_id, "long")) == 2500


def test_a_record_that_cannot_be_written_whole_is_marked_failed(context: RunContext, tmp_path: Path) -> None:
    mlflow = records.client(context)
    with pytest.raises(StepError, match="the folder to record does not exist"):
        records.write(mlflow, context, record(model=tmp_path / "missing"))
    experiment = mlflow.get_experiment_by_name(context.pipeline).experiment_id
    assert [run.info.status for run in mlflow.search_runs([experiment], max_results=1)] == ["FAILED"]
