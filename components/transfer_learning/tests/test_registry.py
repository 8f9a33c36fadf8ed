"""The registry in MLflow for real, on SQLite and files: numbers, the alias, and what a failure leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient
from transfer_learning import registry, tracking
from transfer_learning.checks import Unusable
from transfer_learning.environment import VARIABLES, Surroundings, surroundings
from transfer_learning.registry import ALIAS, Champion
from transfer_learning.statistics import Proportion

TAGS = {"right": "3", "n": "4", "test_digest": "abc"}


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    """One database for all tests here: making its schema takes seconds; each test has a model of its own name."""
    root = tmp_path_factory.mktemp("environment")
    database, storage = f"sqlite:///{root}/mlflow.db", f"{root}/store"
    return surroundings(dict.fromkeys(VARIABLES, "x") | {"MLFLOW_TRACKING_URI": database, "STORAGE_URI": storage})


@pytest.fixture(scope="module")
def mlflow(where: Surroundings) -> MlflowClient:
    return tracking.client(where)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model" / "variables").mkdir(parents=True)
    (tmp_path / "model" / "saved_model.pb").write_text("graph")
    (tmp_path / "model" / "variables" / "data").write_text("weights")
    return tmp_path / "model"


def registered(mlflow: MlflowClient, where: Surroundings, name: str, model: Path) -> tuple[str, str]:
    run = tracking.write(mlflow, where, tracking.Record({}, {}, {}, {}, {}))
    return registry.register(mlflow, name, where.models(name), model, run.info.run_id, TAGS)


def test_without_a_version_there_is_no_champion(mlflow: MlflowClient) -> None:
    assert registry.champion(mlflow, "never-registered") is None


def test_a_registered_model_without_the_alias_has_no_champion(mlflow: MlflowClient) -> None:
    mlflow.create_registered_model("without-alias")
    assert registry.champion(mlflow, "without-alias") is None


def test_versions_count_up_in_registry_and_storage_alike_and_the_last_is_champion(
    mlflow: MlflowClient, where: Surroundings, model: Path
) -> None:
    for number in ("1", "2"):
        uri = f"{where.storage}/models/counted/{number}"
        assert registered(mlflow, where, "counted", model) == (number, uri)
        assert Path(uri, "variables/data").read_text() == "weights"
    assert registry.champion(mlflow, "counted") == Champion("2", uri, Proportion(3, 4), "abc")


def test_a_number_that_was_deleted_still_agrees_with_its_folder(
    mlflow: MlflowClient, where: Surroundings, model: Path
) -> None:
    registered(mlflow, where, "deleted", model)
    mlflow.delete_model_version("deleted", "1")
    version, uri = registered(mlflow, where, "deleted", model)
    assert uri == f"{where.storage}/models/deleted/{version}"
    assert mlflow.get_model_version_by_alias("deleted", ALIAS).source == uri


def test_a_failed_copy_leaves_neither_a_version_nor_another_champion(
    mlflow: MlflowClient, where: Surroundings, model: Path
) -> None:
    registered(mlflow, where, "copied", model)
    Path(where.models("copied"), "2").write_text("a file where the folder of version 2 should be")
    with pytest.raises(OSError, match="copied/2"):
        registered(mlflow, where, "copied", model)
    assert registry.champion(mlflow, "copied").version == "1"
    assert [int(found.version) for found in mlflow.search_model_versions("name='copied'")] == [1]


def test_what_is_no_savedmodel_is_not_registered(mlflow: MlflowClient, where: Surroundings, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"there is no saved_model\.pb in it"):
        registered(mlflow, where, "empty", tmp_path)
    assert registry.champion(mlflow, "empty") is None


def test_an_alias_set_by_hand_is_a_champion_of_which_nothing_was_measured(mlflow: MlflowClient) -> None:
    mlflow.create_registered_model("by-hand")
    mlflow.create_model_version("by-hand", "/elsewhere")
    mlflow.set_registered_model_alias("by-hand", ALIAS, "1")
    assert registry.champion(mlflow, "by-hand") == Champion("1", "/elsewhere", None, "")


def test_what_was_stored_is_fetched(mlflow: MlflowClient, where: Surroundings, model: Path) -> None:
    _, uri = registered(mlflow, where, "fetched", model)
    with registry.fetched(uri) as folder:
        assert (folder / "variables/data").read_text() == "weights"
