"""The context of a run: read whole or refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from graft_steps.checks import StepError
from graft_steps.run_context import VARIABLES, RunContext, display_path


def variables(**changed: str) -> dict[str, str]:
    return dict.fromkeys(VARIABLES, "x") | changed


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(StepError) as refused:
        RunContext.from_variables({"GRAFT_PIPELINE": "p", "STORAGE_URI": ""})
    missing = [name for name in VARIABLES if name != "GRAFT_PIPELINE"]
    assert [name for name in VARIABLES if name in str(refused.value)] == missing


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    RunContext.from_variables(variables(MLFLOW_TRACKING_URI=f"sqlite:///{tmp_path}/deep/mlflow.db"))
    assert (tmp_path / "deep").is_dir()


def test_a_url_of_postgresql_names_the_driver_that_the_image_has() -> None:
    expected = {
        "postgresql://u@h:5432/d": "postgresql+psycopg2://u@h:5432/d",
        "postgresql+psycopg://u@h:5432/d": "postgresql+psycopg://u@h:5432/d",
    }
    assert {url: RunContext.from_variables(variables(MLFLOW_TRACKING_URI=url)).tracking for url in expected} == expected


def test_a_relative_storage_is_below_the_working_directory() -> None:
    assert RunContext.from_variables(variables(STORAGE_URI="store/")).models("m") == f"{Path.cwd()}/store/models/m"


def test_a_storage_with_a_scheme_is_left_alone() -> None:
    assert (
        RunContext.from_variables(variables(STORAGE_URI="s3://bucket/prefix/")).models("m")
        == "s3://bucket/prefix/models/m"
    )


def test_a_place_below_the_working_directory_is_shown_relative_to_it() -> None:
    assert display_path(f"file://{Path.cwd()}/store/x") == "store/x"
    assert display_path(f"{Path.cwd()}/store/x") == "store/x"


@pytest.mark.parametrize("elsewhere", ["s3://bucket/x", "/somewhere/else"])
def test_a_place_elsewhere_is_shown_whole(elsewhere: str) -> None:
    assert display_path(elsewhere) == elsewhere
