"""The objects of a rendered tree, as it stands in the checkout or at a revision of Git, to compare one with another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import yaml

from generators.errors import GraftError
from generators.fleet.git import git
from generators.fleet.manifests import RENDERED
from generators.inventory.read import Repository

Objects = dict[str, list[dict[str, Any]]]  # a file's path from the repository to the documents in it

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def of_checkout(repository: Repository, only: Collection[str] | None = None) -> Objects:
    """The objects that stand in `rendered/` now, of some files or of all; GraftError for one that cannot be read."""
    files = repository.files(f"{RENDERED}/**/*.yaml")
    return {file: _documents(file, repository.text(file)) for file in files if only is None or file in only}


def files_of_revision(repository: Repository, revision: str) -> list[str]:
    """The files with objects of `rendered/` at a commit, a branch or a tag; GraftError where there is none such."""
    listed = git(repository, "ls-tree", "-r", "-z", "--name-only", f"{revision}^{{commit}}", "--", RENDERED)
    return [file for file in listed.decode().split("\0") if file.endswith(".yaml")]


def of_revision(repository: Repository, revision: str, only: Collection[str] | None = None) -> Objects:
    """The same at a commit, a branch or a tag; GraftError where there is no such revision."""
    files = [file for file in files_of_revision(repository, revision) if only is None or file in only]
    asked = "".join(f"{revision}:./{file}\n" for file in files)
    answer, found = git(repository, "cat-file", "--batch", text=asked), {}
    for file in files:
        head, _, rest = answer.partition(b"\n")
        size = int(head.split()[-1])
        found[file] = _documents(f"{revision}:{file}", rest[:size].decode())
        answer = rest[size + 1 :]
    return found


def _documents(file: str, text: str) -> list[dict[str, Any]]:
    try:
        return list(yaml.load_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise GraftError(f"{file} is not YAML: {error}", "run: graft render") from None
