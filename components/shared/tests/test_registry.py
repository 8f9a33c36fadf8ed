"""The registry in MLflow for real, on SQLite and files: numbers, the alias, and what a failure leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from graft_steps import records, registry
from graft_steps.checks import StepError
from graft_steps.registry import ALIAS, Champion
from graft_steps.run_context import VARIABLES, RunContext
from graft_steps.statistics import Proportion
from mlflow.tracking import MlflowClient

REACHED = Proportion(3, 4).estimate()
TAGS = registry.measured(REACHED, "abc")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """One database for all tests here: making its schema takes seconds; each test has a model of its own name."""
    root = tmp_path_factory.mktemp("environment")
    places = {"MLFLOW_TRACKING_URI": f"sqlite:///{root}/mlflow.db", "STORAGE_URI": f"{root}/store"}
    return RunContext.from_variables(dict.fromkeys(VARIABLES, "x") | places)


@pytest.fixture(scope="module")
def mlflow(context: RunContext) -> MlflowClient:
    return records.client(context)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model" / "variables").mkdir(parents=True)
    (tmp_path / "model" / "MLmodel").write_text("flavors: {}")
    (tmp_path / "model" / "variables" / "data").write_text("weights")
    return tmp_path / "model"


def registered(mlflow: MlflowClient, context: RunContext, name: str, model: Path) -> tuple[str, str]:
    run = records.write(mlflow, context, records.Record({}, {}, {}, {}, {}))
    return registry.register(mlflow, name, context.models(name), model, run.info.run_id, TAGS)


def test_without_a_version_there_is_no_champion(mlflow: MlflowClient) -> None:
    assert registry.champion(mlflow, "never-registered") is None


def test_a_registered_model_without_the_alias_has_no_champion(mlflow: MlflowClient) -> None:
    mlflow.create_registered_model("without-alias")
    assert registry.champion(mlflow, "without-alias") is None


def test_versions_count_up_in_registry_and_storage_alike_and_the_last_is_champion(
    mlflow: MlflowClient, context: RunContext, model: Path
) -> None:
    for number in ("1", "2"):
        uri = f"{context.storage}/models/counted/{number}"
        assert registered(mlflow, context, "counted", model) == (number, uri)
        assert Path(uri, "variables/data").read_text() == "weights"
    assert registry.champion(mlflow, "counted") == Champion("2", uri, REACHED, "abc")


def test_a_number_that_was_deleted_still_agrees_with_its_folder(
    mlflow: MlflowClient, context: RunContext, model: Path
) -> None:
    registered(mlflow, context, "deleted", model)
    mlflow.delete_model_version("deleted", "1")
    version, uri = registered(mlflow, context, "deleted", model)
    assert uri == f"{context.storage}/models/deleted/{version}"
    assert mlflow.get_model_version_by_alias("deleted", ALIAS).source == uri


def test_a_failed_copy_leaves_neither_a_version_nor_another_champion(
    mlflow: MlflowClient, context: RunContext, model: Path
) -> None:
    registered(mlflow, context, "copied", model)
    Path(context.models("copied"), "2").write_text("a file where the folder of version 2 should be")
    with pytest.raises(OSError, match="copied/2"):
        registered(mlflow, context, "copied", model)
    assert registry.champion(mlflow, "copied").version == "1"
    assert [int(found.version) for found in mlflow.search_model_versions("name='copied'")] == [1]


def test_what_is_not_an_mlflow_model_is_not_registered(
    mlflow: MlflowClient, context: RunContext, tmp_path: Path
) -> None:
    with pytest.raises(StepError, match="it contains no file MLmodel"):
        registered(mlflow, context, "empty", tmp_path)
    assert registry.champion(mlflow, "empty") is None


def test_an_alias_set_by_hand_is_a_champion_of_which_nothing_was_measured(mlflow: MlflowClient) -> None:
    mlflow.create_registered_model("by-hand")
    mlflow.create_model_version("by-hand", "/elsewhere")
    mlflow.set_registered_model_alias("by-hand", ALIAS, "1")
    assert registry.champion(mlflow, "by-hand") == Champion("1", "/elsewhere", None, "")


def test_what_was_stored_is_downloaded(mlflow: MlflowClient, context: RunContext, model: Path) -> None:
    _, uri = registered(mlflow, context, "downloaded", model)
    with registry.downloaded(uri) as folder:
        assert (folder / "variables/data").read_text() == "weights"
