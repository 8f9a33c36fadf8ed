"""Data sets and models by uid: fixtures made once, anything else only if somebody stored it; on S3 as on files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graft_steps.checks import StepError
from graft_steps.models import facts_of
from graft_steps.object_store import ObjectStore
from object_store_servers import Proxy, proxy, s3
from sequence_training import oscillators, series, stored
from sequence_training.steps import transferring


@pytest.fixture(scope="module")
def s3_front() -> Iterator[Proxy]:
    """A server with keys, and a proxy before it, as the environment of a step names them."""
    with s3("ml-test") as (url, keys), proxy(url) as front, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", front.url)
        patch.setenv("AWS_ACCESS_KEY_ID", keys.access)
        patch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret)
        patch.setenv("STORAGE_URI", "s3://ml-test")
        yield front


def test_a_fixture_is_made_and_stored_on_first_use_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ObjectStore(str(tmp_path / "store"))
    first = stored.dataset(store, "fixture-3", tmp_path / "first")
    assert "was not in the store" in capsys.readouterr().out
    assert stored.dataset(store, "fixture-3", tmp_path / "second") == first
    assert capsys.readouterr().out == ""
    assert series.read(tmp_path / "second").digest() == oscillators.clean(3).digest()
    assert stored.dataset(store, "fixture-raw-3", tmp_path / "raw") != first


def test_what_is_stored_under_the_uid_of_a_fixture_is_taken_as_it_is(tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"))
    series.write(oscillators.clean(4, 300), tmp_path / "own")
    digest = store.upload(tmp_path / "own", "datasets", "fixture-3")
    assert stored.dataset(store, "fixture-3", tmp_path / "back") == digest


def test_a_data_set_and_a_model_that_nobody_stored_are_said(tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"))
    for fetch, kind, uid in ((stored.dataset, "datasets", "wind"), (stored.model, "models", "fixture-raw-3")):
        with pytest.raises(StepError, match=f"{kind}/{uid} is not in the store .*; under {kind} it holds nothing"):
            fetch(store, uid, tmp_path / "out")


def test_a_fixture_model_has_learnt_a_little_from_the_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stored.BRIEF, "epochs", 1)
    monkeypatch.setitem(stored.BRIEF, "stride", 40)
    store = ObjectStore(str(tmp_path / "store"))
    digest = stored.model(store, "fixture-3", tmp_path / "model")
    assert facts_of(tmp_path / "model")["used"]["dataset_uid"] == "fixture-3"
    assert stored.model(store, "fixture-3", tmp_path / "again") == digest


def test_the_steps_speak_s3_with_keys_and_pass_on_what_they_fetched(s3_front: Proxy, tmp_path: Path) -> None:
    fetched = transferring.download_dataset("fixture-3", tmp_path / "data")
    assert fetched == {"dataset_uid": "fixture-3", "dataset_digest": fetched["dataset_digest"]}
    digest = transferring.upload(tmp_path / "data", "datasets", "copy", tmp_path / "summary.md")
    assert (
        digest == fetched["dataset_digest"]
        and "s3://ml-test/objects/datasets/copy" in (tmp_path / "summary.md").read_text()
    )


def test_a_failed_upload_fails_the_step(s3_front: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "series.csv").write_text("time,a\n" * 100)
    monkeypatch.setattr(s3_front, "cut", lambda method, path, body: body[:10] if method == "PUT" else body)
    with pytest.raises(StepError, match="the upload did not arrive whole: 10 of 700 bytes"):
        transferring.upload(tmp_path / "data", "datasets", "cut", tmp_path / "summary.md")
    assert not (tmp_path / "summary.md").exists()


def test_a_wrong_password_fails_the_step(s3_front: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StepError, match="access refused"):
        transferring.download_dataset("fixture-3", tmp_path / "data")
