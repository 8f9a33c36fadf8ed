"""Files by path or URI: those of this machine are used where they lie, others are fetched for as long as needed."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from graft_steps.checks import StepError

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE = "none"
_FIXTURE = re.compile(r"fixture-(\d{1,9})")


def fixture_seed(place: str) -> int | None:
    """The seed of the fixture that a place names, None for another place."""
    match = _FIXTURE.fullmatch(place)
    return int(match[1]) if match else None


@contextmanager
def fetched(what: str, place: str) -> Iterator[Path]:
    """The file at a path or URI; one in an object store is a copy that the end of the context removes."""
    parts = urlsplit(place)
    if parts.scheme in ("", "file"):
        path = Path(unquote(parts.path) if parts.scheme else place)
        if not path.is_file():
            raise StepError(f"{what}: {place!r}: there is no file {path.absolute()}")
        yield path
        return
    from mlflow.artifacts import download_artifacts  # MLflow takes seconds, and only object stores need it

    with TemporaryDirectory() as folder:
        try:
            copy = Path(download_artifacts(artifact_uri=place, dst_path=folder))
        except Exception as problem:  # whatever the store's own client raises
            raise StepError(f"{what}: {place!r} cannot be fetched: {problem}") from problem
        yield copy
