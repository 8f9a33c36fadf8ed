"""Files by path or URI: those of this machine are used where they lie, others are fetched for as long as needed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_place(name: str) -> bool:
    """Whether a value names a file or folder, and not one of the kinds that are built in."""
    return "/" in name or "\\" in name


def local(what: str, uri: str) -> Path:
    """The path behind a path or a file URI, which must be there."""
    parts = urlsplit(uri)
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        raise StepError(f"{what}: {uri!r} is neither a path nor a file:// URI; mount or download what it names first")
    path = Path(unquote(parts.path) if parts.scheme else uri)
    if not path.exists():
        raise StepError(f"{what}: {uri!r}: {path.absolute()} does not exist")
    return path


def artifact(what: str, path: str | None, uri: str) -> Path:
    """Where an artifact lies on this machine: where the engine has put it, or what a file URI names."""
    return Path(path) if path and "://" not in path else local(what, uri)


@contextmanager
def fetched(what: str, uri: str) -> Iterator[Path]:
    """The file or folder at a path or URI; one in an object store is a copy that the end of the context removes."""
    if urlsplit(uri).scheme in ("", "file"):
        yield local(what, uri)
        return
    from mlflow.artifacts import download_artifacts  # MLflow takes seconds, and only object stores need it

    with TemporaryDirectory() as folder:
        try:
            copy = Path(download_artifacts(artifact_uri=uri, dst_path=folder))
        except Exception as problem:  # whatever the store's own client raises
            raise StepError(f"{what}: {uri!r} cannot be fetched: {problem}") from problem
        yield copy
