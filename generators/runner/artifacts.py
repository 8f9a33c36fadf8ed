"""What a finished run left on the disk: the files of its artifacts by type, its metrics, and its record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from generators.runner.results import Artifact
from generators.runner.run import RunResult

METRICS, PAGE = "system.Metrics", "system.HTML"
_CLOCKS = 0.1  # seconds by which the clock of files may be behind
_PICTURES = (".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp", ".html")


def artifact_files(result: RunResult, type_: str, repository: Path) -> list[Path]:
    """The files of every artifact of a type such as `system.HTML`, in the order of the steps."""
    files = (_file(artifact, repository) for _, _, artifact in _artifacts(result) if _type(artifact) == type_)
    return [file for file in files if file.is_file()]


def artifact_texts(result: RunResult, type_: str, repository: Path) -> list[str]:
    """What those files hold."""
    return [file.read_text("utf-8") for file in artifact_files(result, type_, repository)]


def pictures(result: RunResult, repository: Path) -> list[Path]:
    """The pages and pictures among the files of all artifacts, and in the folders that are artifacts."""
    found: dict[Path, None] = {}
    for _, _, artifact in _artifacts(result):
        place = _file(artifact, repository)
        inside = sorted(place.iterdir()) if place.is_dir() else [place]
        found |= {file: None for file in inside if file.is_file() and _is_picture(file, artifact)}
    return list(found)


def metrics(result: RunResult) -> dict[str, Any]:
    """What the steps have logged as metrics: `step: name` to the value."""
    return {
        f"{step}: {name}": value
        for step, _, artifact in _artifacts(result)
        if _type(artifact) == METRICS
        for name, value in artifact["metadata"].items()
        if isinstance(value, int | float | str)
    }


def outputs(result: RunResult) -> dict[str, Any]:
    """The pipeline's own output parameters, or where it has none those of its steps, as `step: name`."""
    return dict(result.outputs) or {
        f"{step.path}: {name}": value for step in result.steps for name, value in step.outputs.parameters.items()
    }


def documents(run: dict[str, Any], name: str, repository: Path) -> Iterator[tuple[str, Any]]:
    """The JSON files of a name in the folders of artifacts, with the step that made each; `run` is a record."""
    for step in run["steps"]:
        for artifact in (each for several in step["outputs"]["artifacts"].values() for each in several):
            with suppress(OSError, ValueError):
                yield step["path"], json.loads((_file(artifact, repository) / name).read_text("utf-8"))


def run_record(result: RunResult) -> dict[str, Any]:
    """The run's `run.json`."""
    return json.loads((result.directory / "run.json").read_text("utf-8"))


def written_since(result: RunResult, file: Path) -> bool:
    """Whether a file, or the journal that SQLite keeps beside it, was written while the run went on."""
    began = (result.directory / "run.json").stat().st_mtime - result.seconds - _CLOCKS
    files = (file, file.with_name(f"{file.name}-wal"))
    return any(each.is_file() and each.stat().st_mtime >= began for each in files)


def _artifacts(result: RunResult) -> Iterator[tuple[str, str, Artifact]]:
    for step in result.steps:
        for name, several in step.outputs.artifacts.items():
            yield from ((step.path, name, artifact) for artifact in several)


def _type(artifact: Artifact) -> str:
    return artifact["type"].get("schemaTitle", "")


def _is_picture(file: Path, artifact: Artifact) -> bool:
    return _type(artifact) == PAGE or file.suffix.lower() in _PICTURES


def _file(artifact: Artifact, repository: Path) -> Path:
    return repository / unquote(urlsplit(artifact["uri"]).path)
