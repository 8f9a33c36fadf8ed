"""The objects of a rendered tree, as it stands in the checkout or at a revision of Git, to compare one with another."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from generators.errors import GraftError
from generators.fleet.cache import Cache
from generators.fleet.git import git
from generators.fleet.manifests import RENDERED
from generators.inventory.read import Repository, load_all

Objects = dict[str, list[dict[str, Any]]]  # a file's path from the repository to the documents in it

_KIND = "objects"


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
    texts = texts_of_revision(repository, revision, only)
    return {file: _documents(f"{revision}:{file}", text) for file, text in texts.items()}


def texts_of_revision(repository: Repository, revision: str, only: Collection[str] | None = None) -> dict[str, str]:
    """What the files with objects of a revision hold."""
    files = [file for file in files_of_revision(repository, revision) if only is None or file in only]
    asked = "".join(f"{revision}:./{file}\n" for file in files)
    answer, found, at = git(repository, "cat-file", "--batch", text=asked), {}, 0
    for file in files:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[-1])
        found[file] = _text(f"{revision}:{file}", answer[end + 1 : end + 1 + size])
        at = end + size + 2
    return found


def _text(file: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise GraftError(f"{file} is not UTF-8: byte {error.start} cannot be read", "run: graft render") from None


def read(cache: Cache, file: str, text: str) -> list[dict[str, Any]]:
    """The objects of a file's text, kept for the next time: YAML takes a hundred times as long to read as JSON."""
    key = cache.key(text)
    kept = cache.get(_KIND, key)
    if kept is not None:
        return kept
    found = _documents(file, text)
    with suppress(TypeError, ValueError):  # what JSON does not have
        cache.put(_KIND, key, found)
    return found


def _documents(file: str, text: str) -> list[dict[str, Any]]:
    try:
        return load_all(text)
    except ValueError as error:
        raise GraftError(f"{file} is not YAML: {error}", "run: graft render") from None
