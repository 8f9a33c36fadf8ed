"""The registry of models, in MLflow: its versions stand in storage under the same numbers; one is the champion."""

from __future__ import annotations

import json
import random
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from graft_steps.checks import StepError
from graft_steps.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlflow.tracking import MlflowClient

ALIAS = "champion"
ESTIMATE, TEST_DIGEST = "estimate", "test_digest"  # tags of a version
ATTEMPTS = 16
SHORTEST_PAUSE = 0.1  # seconds


@dataclass(frozen=True)
class Champion:
    """The model to beat, and what was recorded when it was measured: nothing where a person set the alias."""

    version: str
    uri: str
    estimate: Estimate | None
    test_digest: str


def champion(mlflow: MlflowClient, name: str) -> Champion | None:
    """The champion of a model's name, or None where there is none yet."""
    try:
        found = mlflow.get_model_version_by_alias(name, ALIAS)
    except MlflowException as problem:
        if problem.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise
    if not {ESTIMATE, TEST_DIGEST} <= found.tags.keys():
        return Champion(str(found.version), found.source, None, "")
    estimate = Estimate(**json.loads(found.tags[ESTIMATE]))
    return Champion(str(found.version), found.source, estimate, found.tags[TEST_DIGEST])


def measured(estimate: Estimate, test_digest: str) -> dict[str, str]:
    """The tags by which a later run knows what a model reached, and on which test items."""
    return {ESTIMATE: json.dumps(estimate.as_json()), TEST_DIGEST: test_digest}


@contextmanager
def downloaded(uri: str) -> Iterator[Path]:
    """A copy of the files at `uri`, for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(download_artifacts(artifact_uri=uri, dst_path=folder))


def register(
    mlflow: MlflowClient, name: str, root: str, model: Path, run_id: str, tags: Mapping[str, str]
) -> tuple[str, str]:
    """Copy an MLflow model to `<root>/<version>` and make it the champion; return version and URI.

    The database gives out the number before anything is copied, so two runs never write into one folder.
    """
    if not (model / "MLmodel").is_file():  # MLflow would copy nothing, and call that a success
        raise StepError(f"{model} is not an MLflow model: it contains no file MLmodel")
    version, uri = _reserve(mlflow, name, root, run_id, tags)
    try:
        get_artifact_repository(uri).log_artifacts(str(model))
    except BaseException:
        mlflow.delete_model_version(name, version)
        raise
    mlflow.set_registered_model_alias(name, ALIAS, version)
    mlflow.set_tag(run_id, "registered_version", version)
    return version, uri


def _reserve(mlflow: MlflowClient, name: str, root: str, run_id: str, tags: Mapping[str, str]) -> tuple[str, str]:
    """Take the next number; its URI has to be given before MLflow says which number it is, so guess and compare."""
    _make(mlflow, name)
    expected = 1 + max((int(found.version) for found in mlflow.search_model_versions(f"name='{name}'")), default=0)
    for attempt in range(ATTEMPTS):
        uri = f"{root}/{expected}"
        made = int(mlflow.create_model_version(name, uri, run_id, tags=dict(tags)).version)
        if made == expected:
            return str(made), uri
        mlflow.delete_model_version(name, str(made))  # another run was faster, or a number had been deleted
        expected = made + 1
        if attempt % 2:  # a fresh guess was wrong too: runs that register together step aside, each for its own while
            time.sleep(random.SystemRandom().uniform(0, SHORTEST_PAUSE * 2 ** (attempt // 2)))
    raise StepError(f"{name}: no version could be reserved, other runs were faster {ATTEMPTS} times; run again")


def _make(mlflow: MlflowClient, name: str) -> None:
    try:
        mlflow.create_registered_model(name)
    except MlflowException as problem:
        if problem.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
