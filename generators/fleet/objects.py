"""The objects of a rendered tree, as it stands in the checkout or at a revision of Git, to compare one with another."""

from __future__ import annotations

from typing import Any

import yaml

from generators.errors import GraftError
from generators.fleet.git import git
from generators.fleet.manifests import RENDERED
from generators.inventory.read import Repository

Objects = dict[str, list[dict[str, Any]]]  # a file's path from the repository to the documents in it

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def of_checkout(repository: Repository) -> Objects:
    """The objects that stand in `rendered/` now; GraftError for a file that cannot be read."""
    return {file: _documents(file, repository.text(file)) for file in repository.files(f"{RENDERED}/**/*.yaml")}


def of_revision(repository: Repository, revision: str) -> Objects:
    """The objects of `rendered/` at a commit, a branch or a tag; GraftError where there is no such revision."""
    listed = git(repository, "ls-tree", "-r", "-z", "--name-only", f"{revision}^{{commit}}", "--", RENDERED)
    files = [file for file in listed.decode().split("\0") if file.endswith(".yaml")]
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
