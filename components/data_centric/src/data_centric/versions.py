"""Versions of the data in a Git repository whose files DVC keeps: made, and fetched by revision.

<repository>/data.dvc      in Git: the hash of the folder of one version
<repository>/data/         what DVC keeps, in its cache and at its remote, a folder of this machine or s3://bucket/prefix

Keys and endpoint of an S3 remote are in the usual AWS variables. https://dvc.org/doc/api-reference/dvcfilesystem
"""

from __future__ import annotations

import logging
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DVC_NO_ANALYTICS", "true")  # it would try to reach the network

from dulwich import porcelain
from dulwich.errors import NotGitRepository
from dulwich.repo import Repo as GitRepository
from dvc.api import DVCFileSystem
from dvc.repo import Repo
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "data"
REMOTE = "storage"
AUTHOR = b"data-centric <data@example.org>"
logging.getLogger("dvc").setLevel(logging.ERROR)  # it tells a person what to type next


def create(repository: Path, remote: str) -> None:
    """Make an empty repository, whose files go to `remote`: a folder or s3://bucket/prefix."""
    if repository.exists() and any(repository.iterdir()):
        raise StepError(f"{repository} is not empty: give a folder that is still to be made")
    repository.mkdir(parents=True, exist_ok=True)
    GitRepository.init(str(repository)).close()
    with Repo.init(str(repository)) as dvc, dvc.config.edit() as settings:
        settings["core"] |= {"remote": REMOTE, "analytics": False}
        settings["remote"][REMOTE] = {"url": remote}


def publish(repository: Path, folder: Path, tag: str) -> str:
    """Commit a folder as the next version under a tag, and send its files to the remote; return the commit.

    All commits have the same author and time, so the same data give the same commit.
    """
    with _git(repository) as git:
        if f"refs/tags/{tag}".encode() in git.refs:
            raise StepError(f"{repository}: there is a version {tag} already: versions are never changed; name another")
    shutil.rmtree(repository / FOLDER, ignore_errors=True)
    shutil.copytree(folder, repository / FOLDER)
    with Repo(str(repository)) as dvc, _explained(str(repository), tag):
        dvc.add(str(repository / FOLDER))
        dvc.push()
    with _git(repository) as git:
        tracked = [f"{FOLDER}.dvc", ".gitignore", ".dvcignore", ".dvc/config", ".dvc/.gitignore"]
        porcelain.add(git, [str(repository / name) for name in tracked])
        always = {"commit_timestamp": 0, "commit_timezone": 0, "author_timestamp": 0, "author_timezone": 0}
        commit = git.get_worktree().commit(message=tag.encode(), committer=AUTHOR, author=AUTHOR, **always)
        git.refs[f"refs/tags/{tag}".encode()] = commit
    return commit.decode()


def fetch(repository: str, revision: str, folder: Path) -> str:
    """Write the data of a revision into `folder`; return the Git commit that the revision names.

    `repository` is the path or URL of a Git repository. StepError where it, the revision or a file is not found.
    """
    with _explained(repository, revision):
        files = DVCFileSystem(url=repository, rev=revision)
        commit = files.repo.get_rev()
        if not files.isdir(FOLDER):
            raise StepError(f"{repository}@{revision}: has no folder {FOLDER}, which DVC keeps the data in")
        files.get(FOLDER, str(folder), recursive=True)
    return commit


@contextmanager
def _git(repository: Path) -> Iterator[GitRepository]:
    try:
        git = GitRepository(str(repository))
    except NotGitRepository as problem:
        raise StepError(
            f"{repository} is not a Git repository: make one by python -m data_centric.fixture"
        ) from problem
    with git:
        yield git


@contextmanager
def _explained(repository: str, revision: str) -> Iterator[None]:
    """Turn what DVC and its remotes raise into what a person can act on."""
    try:
        yield
    except StepError:
        raise
    except Exception as problem:  # each remote raises kinds of its own
        causes = [str(problem).strip()]
        while problem := problem.__cause__ or problem.__context__:
            causes.append(str(problem).strip())
        said = "; ".join(dict.fromkeys(cause.split("\n")[0] for cause in causes if cause))
        raise StepError(
            f"data version {revision} of {repository} was not fetched or stored: {said}. `data` names a Git repository "
            "with DVC, `data_version` a tag, branch or commit of it; keys of its remote are in AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, host and port in AWS_ENDPOINT_URL"
        ) from problem
