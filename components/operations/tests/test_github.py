"""Commits are found by what they brought, and statuses are written, as GitHub's own description of its API says."""

from __future__ import annotations

import httpx2
import pytest
from operations import github
from operations.github import GitHub, Status
from operations_servers import PATH, Served

NEWER, OLDER = "b" * 40, "a" * 40
STATUS = Status("graft/staging/staging-us/churn", "success", "Succeeded: accuracy 0.79")


@pytest.mark.parametrize(
    ("version", "commit"), [("churn-2222222222", NEWER), ("churn-1111111111", OLDER), ("churn-222222222", "")]
)
def test_a_version_belongs_to_the_newest_commit_that_changed_the_file_and_names_it(
    version: str, commit: str, repository: GitHub
) -> None:
    assert repository.commit(PATH, "main", version) == commit


def test_what_was_asked_once_is_not_asked_again(repository: GitHub, forge: Served) -> None:
    for _ in range(3):
        repository.commit(PATH, "main", "churn-1111111111")

    assert [path.rpartition("/fleet/")[2] for _, path, _, _ in forge.state["requests"]] == [
        "commits",
        *[f"contents/{PATH}"] * 2,
    ]


def test_a_status_is_written_and_read_again(repository: GitHub, forge: Served) -> None:
    repository.post(NEWER, STATUS)

    assert repository.statuses(NEWER, STATUS.context) == [STATUS]
    assert repository.statuses(NEWER, "graft/prod/prod-eu/churn") == repository.statuses(OLDER, STATUS.context) == []
    assert forge.state["statuses"][0]["sha"] == NEWER


@pytest.mark.parametrize(
    ("status", "answered"),
    [(Status("graft", "Succeeded", ""), 418), (Status("graft", "success", "a" * 141), 422)],
)
def test_a_status_that_github_does_not_take_is_an_error(status: Status, answered: int, repository: GitHub) -> None:
    with pytest.raises(httpx2.HTTPStatusError, match=str(answered)):
        repository.post(NEWER, status)


def test_without_a_token_nothing_is_written(forge: Served) -> None:
    with pytest.raises(httpx2.HTTPStatusError, match="401"):
        github.connect(f"{forge.url}/repos/acme/fleet", "", 20).post(NEWER, STATUS)
