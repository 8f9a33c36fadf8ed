"""What the environment says: read whole or refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from transfer_learning.checks import Unusable
from transfer_learning.environment import VARIABLES, nearby, surroundings


def told(**changed: str) -> dict[str, str]:
    return dict.fromkeys(VARIABLES, "x") | changed


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(Unusable) as refused:
        surroundings({"GRAFT_PIPELINE": "p", "STORAGE_URI": ""})
    missing = [name for name in VARIABLES if name != "GRAFT_PIPELINE"]
    assert [name for name in VARIABLES if name in str(refused.value)] == missing


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    surroundings(told(MLFLOW_TRACKING_URI=f"sqlite:///{tmp_path}/deep/mlflow.db"))
    assert (tmp_path / "deep").is_dir()


def test_a_url_of_postgresql_names_the_driver_that_the_image_has() -> None:
    told_of = {
        "postgresql://u@h:5432/d": "postgresql+psycopg2://u@h:5432/d",
        "postgresql+psycopg://u@h:5432/d": "postgresql+psycopg://u@h:5432/d",
    }
    assert {url: surroundings(told(MLFLOW_TRACKING_URI=url)).tracking for url in told_of} == told_of


def test_a_relative_storage_is_below_the_working_directory() -> None:
    assert surroundings(told(STORAGE_URI="store/")).models("m") == f"{Path.cwd()}/store/models/m"


def test_a_storage_with_a_scheme_is_left_alone() -> None:
    assert surroundings(told(STORAGE_URI="s3://bucket/prefix/")).models("m") == "s3://bucket/prefix/models/m"


def test_a_place_below_the_working_directory_is_shown_relative_to_it() -> None:
    assert nearby(f"file://{Path.cwd()}/store/x") == "store/x"
    assert nearby(f"{Path.cwd()}/store/x") == "store/x"


@pytest.mark.parametrize("elsewhere", ["s3://bucket/x", "/somewhere/else"])
def test_a_place_elsewhere_is_shown_whole(elsewhere: str) -> None:
    assert nearby(elsewhere) == elsewhere
