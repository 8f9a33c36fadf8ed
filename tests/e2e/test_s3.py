"""The S3 server, used as the components use it."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from cluster import s3
from cluster.host import LOOPBACK, Host, free_port


def test_the_bucket_is_there_once_the_server_has_started_and_keeps_what_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ACCESS_KEY_ID": "any", "SECRET_ACCESS_KEY": "any", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    port = free_port()
    process = s3.start(Host(tmp_path), LOOPBACK, port, "graft")
    client = boto3.client(
        "s3", endpoint_url=f"http://{LOOPBACK}:{port}", config=Config(s3={"addressing_style": "path"})
    )
    client.put_object(Bucket="graft", Key="a/b", Body=b"content")
    assert client.get_object(Bucket="graft", Key="a/b")["Body"].read() == b"content"
    process.stop()
    assert process.ended
