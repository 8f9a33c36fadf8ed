"""What a finished run left on the disk: the files of its artifacts by type, and its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from generators.runner.run import RunResult


def artifact_files(result: RunResult, type_: str, repository: Path) -> list[Path]:
    """The files of every artifact of a type such as `system.HTML`, in the order of the steps."""
    uris = [
        artifact["uri"]
        for step in result.steps
        for artifacts in step.outputs.artifacts.values()
        for artifact in artifacts
        if artifact["type"].get("schemaTitle") == type_
    ]
    files = (repository / unquote(urlsplit(uri).path) for uri in uris)
    return [file for file in files if file.is_file()]


def artifact_texts(result: RunResult, type_: str, repository: Path) -> list[str]:
    """What those files hold."""
    return [file.read_text("utf-8") for file in artifact_files(result, type_, repository)]


def run_record(result: RunResult) -> dict[str, Any]:
    """The run's `run.json`."""
    return json.loads((result.directory / "run.json").read_text("utf-8"))
