"""Versions in real DVC repositories: made from seeds, fetched by revision, from a folder and from S3 with keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from data_centric import dataset, versions
from data_centric.steps import fetching
from data_centric_small import part_of
from graft_steps.checks import StepError
from object_store_servers import s3


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """A repository with two small versions: the second has one label changed."""
    folder = tmp_path_factory.mktemp("dvc")
    versions.create(folder / "numerals", str(folder / "remote"))
    versions.publish(folder / "numerals", small, "v1")
    changed = Path(shutil.copytree(small, folder / "changed"))
    first, *rest = dataset.read(small)
    dataset.write([replace(first, label="x"), *rest], changed)
    versions.publish(folder / "numerals", changed, "v2")
    return folder / "numerals"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """One image a class and part."""
    return part_of(small, tmp_path_factory.mktemp("tiny") / "data", 1, 1, 1)


def fetched_elsewhere(url: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A fetch of v1 by a process of its own, which knows nothing of DVC's caches in this one."""
    program = (
        "import sys; from pathlib import Path; from data_centric import versions\n"
        "versions.fetch(sys.argv[1], 'v1', Path(sys.argv[2]))"
    )
    return subprocess.run(
        [sys.executable, "-c", program, url, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(sys.path), **variables},
    )


def test_a_version_is_fetched_by_tag_or_commit_as_it_was_written(repository: Path, small: Path, tmp_path: Path) -> None:
    commit = versions.fetch(str(repository), "v1", tmp_path / "tag")
    assert versions.fetch(str(repository), commit, tmp_path / "commit") == commit
    for place in ("tag", "commit"):
        found, expected = (fetching.facts("x", "v1", commit, folder) for folder in (tmp_path / place, small))
        assert found == expected


def test_a_changed_label_is_another_digest_and_leaves_that_of_the_test(repository: Path, tmp_path: Path) -> None:
    one, two = (fetching.fetch(str(repository), version, tmp_path / version) for version in ("v1", "v2"))
    assert one["test_digest"] == two["test_digest"] and one["data_digest"] != two["data_digest"]


def test_git_knows_the_tags_and_holds_no_image(repository: Path) -> None:
    log = subprocess.run(
        ["git", "log", "--oneline", "--decorate"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert "tag: v2" in log.stdout and "tag: v1" in log.stdout
    files = subprocess.run(
        ["git", "ls-files"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "data.dvc" in files and not [file for file in files if file.endswith(".png")]


def test_the_fixture_is_made_and_fetched_through_dvc_and_is_the_same_every_time(
    fixtures: dict[str, Path], tmp_path: Path
) -> None:
    made = fetching.fetch("fixture", "v2", tmp_path / "made")
    assert made == fetching.facts("fixture", "v2", made["data_commit"], fixtures["v2"])
    assert (made["train"], made["validation"], made["test"]) == (550, 150, 300)
    first = fetching.facts("fixture", "v1", "", fixtures["v1"])
    assert first["test_digest"] == made["test_digest"] and first["train"] == 450


@pytest.mark.parametrize(
    ("where", "revision", "message"),
    [
        ("repository", "v9", "data version v9 of .* was not fetched or stored: .*v9"),
        ("nowhere", "v1", "data version v1 of .*nowhere was not fetched"),
    ],
)
def test_a_revision_or_repository_that_is_not_there_is_said(
    repository: Path, tmp_path: Path, where: str, revision: str, message: str
) -> None:
    place = repository if where == "repository" else tmp_path / where
    with pytest.raises(StepError, match=message):
        versions.fetch(str(place), revision, tmp_path / "out")


def test_a_version_is_never_changed_and_a_repository_never_made_twice(
    repository: Path, tiny: Path, tmp_path: Path
) -> None:
    with pytest.raises(StepError, match="there is a version v1 already"):
        versions.publish(repository, tiny, "v1")
    with pytest.raises(StepError, match="is not empty"):
        versions.create(repository, str(tmp_path / "remote"))
    with pytest.raises(StepError, match="is not a Git repository"):
        versions.publish(tmp_path, tiny, "v1")


def test_a_file_that_is_gone_from_the_remote_fails_the_fetch(tiny: Path, tmp_path: Path) -> None:
    versions.create(tmp_path / "repository", str(tmp_path / "remote"))
    versions.publish(tmp_path / "repository", tiny, "v1")
    url = f"file://{tmp_path}/repository"  # as from another machine, which has none of this one's cache
    versions.fetch(url, "v1", tmp_path / "whole")
    next(
        file for file in sorted((tmp_path / "remote").rglob("*")) if file.is_file() and file.stat().st_size > 2000
    ).unlink()
    done = fetched_elsewhere(url, tmp_path / "broken", {})
    assert done.returncode != 0 and "was not fetched or stored" in done.stderr


def test_a_version_comes_back_from_s3_with_keys_and_not_with_wrong_ones(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3("ml-data") as (url, keys):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        versions.create(tmp_path / "repository", "s3://ml-data/numerals")
        versions.publish(tmp_path / "repository", tiny, "v1")
        keyed = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": keys.access, "AWS_DEFAULT_REGION": "us-east-1"}
        place = f"file://{tmp_path}/repository"
        good = fetched_elsewhere(place, tmp_path / "good", {**keyed, "AWS_SECRET_ACCESS_KEY": keys.secret})
        bad = fetched_elsewhere(place, tmp_path / "bad", {**keyed, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert good.returncode == 0, good.stderr
    known = dataset.fingerprints(tiny, dataset.read(tiny))
    assert dataset.fingerprints(tmp_path / "good", dataset.read(tmp_path / "good")) == known
    assert bad.returncode != 0 and "keys of its remote are in AWS_ACCESS_KEY_ID" in bad.stderr
