"""Files by path or URI."""

from __future__ import annotations

from pathlib import Path

import pytest
from graft_steps.checks import StepError
from latent_boundary import places


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_path_and_a_file_uri_are_used_where_they_lie(tmp_path: Path, scheme: str) -> None:
    with places.fetched("generator", f"{scheme}{tmp_path}") as found:
        assert found == tmp_path
    assert places.artifact("dataset_uri", None, f"{scheme}{tmp_path}") == tmp_path


def test_an_imported_artifact_is_where_the_engine_has_put_it() -> None:
    assert places.artifact("dataset_uri", "/s3/bucket/data", "s3://bucket/data") == Path("/s3/bucket/data")


@pytest.mark.parametrize(
    ("uri", "message"), [("s3://bucket/data", "neither a path nor a file"), ("/nowhere/at/all", "does not exist")]
)
def test_what_is_not_on_this_machine_is_refused(uri: str, message: str) -> None:
    with pytest.raises(StepError, match=f"dataset_uri: .*{message}"):
        places.artifact("dataset_uri", None, uri)
