"""Records of runs, in MLflow at the environment's database; plots and models at its storage."""

from __future__ import annotations

import logging
import os
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # it would try to reach the network
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # a step's log is read line by line

from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sqlalchemy import Engine, event

from graft_steps import iam_login, sqlite_file
from graft_steps.checks import StepError
from graft_steps.run_context import CONTINUED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mlflow.entities import Run

    from graft_steps.run_context import RunContext

event.listen(Engine, "do_connect", iam_login.log_in)  # MLflow makes its engines itself
event.listen(Engine, "do_connect", sqlite_file.wait_longer)

LONGEST_VALUE = 6000  # MLflow's limits, here and for the size of a batch
LARGEST_BATCH = 1000


@dataclass(frozen=True)
class Record:
    """One run as it is to be kept; `folders` maps a place in the record ("" is its root) to what is copied there.

    `curves` are metrics with a value for each epoch, `name` is what the run is called.
    """

    parameters: Mapping[str, Any]
    metrics: Mapping[str, float]
    curves: Mapping[str, list[float]]
    tags: Mapping[str, str]
    folders: Mapping[str, Path]
    name: str = ""


def client(context: RunContext) -> MlflowClient:
    """MLflow at the environment's database; quiet, as its first use migrates the schema and tells every step of it.

    Of first uses of an SQLite file at the same moment one does so, and the others wait.
    """
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with sqlite_file.alone(context.tracking) if sqlite_file.is_file(context.tracking) else nullcontext():
        return MlflowClient(tracking_uri=context.tracking, registry_uri=context.tracking)


def write(mlflow: MlflowClient, context: RunContext, record: Record) -> Run:
    """Write one run into the pipeline's experiment; a run that could not be written whole is marked failed.

    A run that is there already (`context.run_id`) is continued: what it holds stays, and its maker ends it.
    """
    if context.run_id:
        _fill(mlflow, context.run_id, _missing(mlflow, context, record))
        return mlflow.get_run(context.run_id)
    run_id = mlflow.create_run(_experiment(mlflow, context), run_name=record.name or None).info.run_id
    try:
        _fill(mlflow, run_id, record)
    except BaseException:
        mlflow.set_terminated(run_id, "FAILED")
        raise
    mlflow.set_terminated(run_id, "FINISHED")
    return mlflow.get_run(run_id)


def _missing(mlflow: MlflowClient, context: RunContext, record: Record) -> Record:
    """The record without the parameters that the run has; MLflow lets nobody change one."""
    try:
        known = mlflow.get_run(context.run_id).data.params
    except MlflowException as problem:
        raise StepError(f"{CONTINUED}: there is no run {context.run_id} in {context.tracking}") from problem
    return replace(record, parameters={name: value for name, value in record.parameters.items() if name not in known})


def _experiment(mlflow: MlflowClient, context: RunContext) -> str:
    """The id of the pipeline's experiment, made on first use; another run may make it at the same moment."""
    if found := mlflow.get_experiment_by_name(context.pipeline):
        return found.experiment_id
    try:
        return mlflow.create_experiment(context.pipeline, artifact_location=f"{context.storage}/mlflow")
    except MlflowException as problem:
        if problem.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        return mlflow.get_experiment_by_name(context.pipeline).experiment_id


def _fill(mlflow: MlflowClient, run_id: str, record: Record) -> None:
    parameters = [Param(name, str(value)[:LONGEST_VALUE]) for name, value in record.parameters.items()]
    mlflow.log_batch(run_id, params=parameters, tags=[RunTag(name, value) for name, value in record.tags.items()])
    metrics = _metrics(record)
    for start in range(0, len(metrics), LARGEST_BATCH):
        mlflow.log_batch(run_id, metrics[start : start + LARGEST_BATCH])
    for place, folder in record.folders.items():
        if not folder.is_dir():  # MLflow would copy nothing, and call that a success
            raise StepError(f"the folder to record does not exist: {folder}")
        mlflow.log_artifacts(run_id, str(folder), place or None)


def _metrics(record: Record) -> list[Metric]:
    now = int(time.time() * 1000)
    single = [Metric(name, value, now, 0) for name, value in record.metrics.items()]
    return single + [
        Metric(name, value, now, epoch)
        for name, values in record.curves.items()
        for epoch, value in enumerate(values, 1)
    ]
