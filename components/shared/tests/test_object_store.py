"""Folders in an object store: whole or refused, on files and on a real S3 server with keys, retries and faults."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from graft_steps import object_backends
from graft_steps.checks import StepError
from graft_steps.object_store import ObjectStore, open_from

sys.path.append(str(Path(__file__).resolve().parent))

from object_store_servers import Keys, Proxy, proxy, s3

BUCKET = "ml-test"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Keys]]:
    with s3(BUCKET) as started:
        yield started


@pytest.fixture
def front(server: tuple[str, Keys], monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The environment of a step, with a proxy at its endpoint."""
    url, keys = server
    with proxy(url) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "given" / "below").mkdir(parents=True)
    (tmp_path / "given" / "series.csv").write_text("time,a\n" * 2000)
    (tmp_path / "given" / "below" / "empty").touch()
    return tmp_path / "given"


@pytest.fixture(params=["files", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "files":
        return ObjectStore(str(tmp_path / "store"))
    request.getfixturevalue("front")
    return ObjectStore(f"s3://{BUCKET}/{tmp_path.name}")


def failing(times: int, status: int = 503) -> list[int]:
    return [status] * times


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_uploaded_comes_back_whole_and_under_the_same_digest(
    store: ObjectStore, folder: Path, tmp_path: Path
) -> None:
    digest = store.upload(folder, "datasets", "wind-7")
    assert store.download("datasets", "wind-7", tmp_path / "back") == digest
    assert tree(tmp_path / "back") == tree(folder)
    assert store.holds("datasets", "wind-7") and not store.holds("models", "wind-7")


def test_a_second_upload_replaces_the_first_and_other_content_has_another_digest(
    store: ObjectStore, folder: Path, tmp_path: Path
) -> None:
    first = store.upload(folder, "models", "m")
    (folder / "below" / "empty").unlink()
    second = store.upload(folder, "models", "m")
    assert first != second == store.download("models", "m", tmp_path / "back")
    assert list(tree(tmp_path / "back")) == ["series.csv"]


def test_a_missing_data_set_is_named_with_what_there_is(store: ObjectStore, folder: Path, tmp_path: Path) -> None:
    store.upload(folder, "datasets", "known")
    with pytest.raises(StepError, match=r"datasets/unknown is not in the store .*; under datasets it holds known\. "):
        store.download("datasets", "unknown", tmp_path / "back")


def test_an_empty_folder_is_not_uploaded(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(StepError, match="holds no file, so there is nothing to upload"):
        store.upload(tmp_path / "nothing", "datasets", "d")


@pytest.mark.parametrize("uid", ["", "../other", "a/b", "a..b", "-a", "a" * 129, 7])
def test_a_uid_cannot_lead_elsewhere(store: ObjectStore, tmp_path: Path, uid: object) -> None:
    with pytest.raises(StepError, match="is no uid"):
        store.download("datasets", uid, tmp_path)


def test_a_file_that_was_changed_in_the_store_is_refused(folder: Path, tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"))
    digest = store.upload(folder, "datasets", "d")
    stored = tmp_path / "store" / "objects" / "datasets" / "d" / digest / "series.csv"
    stored.write_text(stored.read_text().replace("a", "b", 1))
    with pytest.raises(StepError, match="is not what was uploaded: its SHA-256 is"):
        store.download("datasets", "d", tmp_path / "back")
    stored.write_text("short")
    with pytest.raises(StepError, match="5 of 14000 bytes"):
        store.download("datasets", "d", tmp_path / "back")


def test_a_server_that_fails_twice_and_then_works_is_asked_again(front: Proxy, folder: Path, tmp_path: Path) -> None:
    left = failing(2)
    front.before = lambda method, path: left.pop() if left and method == "PUT" else None
    store = ObjectStore(f"s3://{BUCKET}/twice")
    store.upload(folder, "datasets", "d")
    left += failing(2, 500)
    front.before = lambda method, path: left.pop() if left and method == "GET" else None
    store.download("datasets", "d", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(folder)
    assert left == []


def test_a_server_that_goes_on_failing_fails_the_upload(
    front: Proxy, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_backends, "ATTEMPTS", 3)
    front.before = lambda method, path: 503 if method == "PUT" else None
    with pytest.raises(StepError, match=r"503.*after 3 attempts at the most"):
        ObjectStore(f"s3://{BUCKET}/down").upload(folder, "models", "m")
    assert sum(asked.startswith("PUT") for asked in front.asked) == 3
    front.before = lambda method, path: None
    assert not ObjectStore(f"s3://{BUCKET}/down").holds("models", "m")


def test_an_upload_that_is_cut_on_its_way_fails_and_is_named_by_nothing(front: Proxy, folder: Path) -> None:
    front.cut = lambda method, path, body: body[: len(body) // 2] if method == "PUT" else body
    store = ObjectStore(f"s3://{BUCKET}/cut")
    with pytest.raises(StepError, match=r"below/empty|the upload did not arrive whole: \d+ of \d+ bytes"):
        store.upload(folder, "models", "m")
    front.cut = lambda method, path, body: body
    assert not store.holds("models", "m")


def test_a_download_whose_connection_ends_early_is_asked_for_again(front: Proxy, folder: Path, tmp_path: Path) -> None:
    store = ObjectStore(f"s3://{BUCKET}/early")
    store.upload(folder, "datasets", "d")
    left = [1, 1]
    front.cut_answer = lambda method, path, body: (
        body[:100] if path.endswith("series.csv") and method == "GET" and left and left.pop() else body
    )
    store.download("datasets", "d", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(folder) and left == []


@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_wrong_key_is_refused_with_what_to_do(
    front: Proxy, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "wrong")
    store = ObjectStore(f"s3://{BUCKET}/keys")
    with pytest.raises(StepError, match=r"access refused \(.*\): AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is wrong"):
        store.upload(folder, "datasets", "d")
    with pytest.raises(StepError, match="access refused"):
        store.holds("datasets", "d")


def test_no_key_at_all_and_no_server_at_all_say_so(front: Proxy, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_backends, "ATTEMPTS", 2)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StepError, match=r"no answer after 2 attempts: .*AWS_ENDPOINT_URL says host and port"):
        ObjectStore(f"s3://{BUCKET}").holds("datasets", "d")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StepError, match="no keys: AWS_ACCESS_KEY_ID"):
        ObjectStore(f"s3://{BUCKET}").holds("datasets", "d")


def test_a_bucket_that_is_not_there_is_told_from_a_missing_data_set(front: Proxy, folder: Path) -> None:
    with pytest.raises(StepError, match="there is no such bucket"):
        ObjectStore("s3://other").upload(folder, "datasets", "d")


def test_a_root_of_another_kind_and_no_root_are_refused() -> None:
    with pytest.raises(StepError, match=r"'ftp://host' cannot be used; it must be a path, file:///path or s3://"):
        ObjectStore("ftp://host")
    with pytest.raises(StepError, match="STORAGE_URI is not set: write `uses:"):
        open_from({})
