"""Files by path or URI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from graft_steps import places
from graft_steps.checks import StepError
from moto.server import ThreadedMotoServer
from object_store_servers import forget_clients


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


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An object store with one file."""
    forget_clients()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    credentials = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in {"MLFLOW_S3_ENDPOINT_URL": address, **credentials}.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=address)
    client.create_bucket(Bucket="models")
    client.put_object(Bucket="models", Key="faces/ffhq.pkl", Body=b"a generator")
    yield "s3://models"
    server.stop()
    forget_clients()


def test_a_file_in_an_object_store_is_a_copy_for_as_long_as_it_is_needed(bucket: str) -> None:
    with places.fetched("generator", f"{bucket}/faces/ffhq.pkl") as found:
        assert found.read_bytes() == b"a generator"
    assert not found.exists()


def test_a_file_that_the_object_store_does_not_hold_is_named(bucket: str) -> None:
    with (
        pytest.raises(StepError, match=r"generator: 's3://models/none\.pkl' cannot be fetched"),
        places.fetched("generator", f"{bucket}/none.pkl"),
    ):
        pass
