"""Files by path and URI: on this machine, and in a real object store with keys."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from graft_steps.checks import StepError
from mlflow.store.artifact import s3_artifact_repo
from object_store_servers import s3
from text_classifier import places


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_file_of_this_machine_is_read_where_it_lies(form: str, tmp_path: Path) -> None:
    file = tmp_path / "a file.csv"
    file.write_text("x")
    with places.fetched("train_path", form.format(file)) as found:
        assert found == file


@pytest.mark.parametrize("place", ["nowhere.csv", "", "file:///nowhere.csv"])
def test_a_file_that_is_not_there_is_named_with_the_parameter(place: str) -> None:
    said = r"train_path: .*(does not exist|is not a file)"
    with pytest.raises(StepError, match=said), places.fetched("train_path", place):
        pass


def test_an_object_is_fetched_with_the_environment_s_keys_and_removed_after_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3("ml-test") as (url, keys):
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "MLFLOW_S3_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": keys.access,
            "AWS_SECRET_ACCESS_KEY": keys.secret,
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        boto3.Session().client("s3").put_object(Bucket="ml-test", Key="texts/train.csv", Body=b"text,label\n")
        with places.fetched("train_path", "s3://ml-test/texts/train.csv") as found:
            assert found.read_bytes() == b"text,label\n"
        assert not found.exists()
        for wrong in ({"AWS_SECRET_ACCESS_KEY": "wrong"}, {"AWS_ACCESS_KEY_ID": "nobody"}):
            with monkeypatch.context() as patch:
                for name, value in wrong.items():
                    patch.setenv(name, value)
                s3_artifact_repo._cached_get_s3_client.cache_clear()  # a step has one set of keys, and both keep it
                patch.setattr(boto3, "DEFAULT_SESSION", None)
                with (
                    pytest.raises(StepError, match=r"train_path: 's3://ml-test/texts/train.csv' cannot be fetched"),
                    places.fetched("train_path", "s3://ml-test/texts/train.csv"),
                ):
                    pass


def test_a_fixture_is_told_from_a_file() -> None:
    assert [places.fixture_seed(each) for each in ("fixture-7", "fixture-", "fixture-7.csv", "a/fixture-7")] == [
        7,
        *[None] * 3,
    ]
