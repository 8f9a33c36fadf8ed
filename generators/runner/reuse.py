"""What an earlier run left, in place of running a step again, so that trying one step takes seconds.

A step that succeeded before is not run again where it is given the same, and its outputs are still there. With a step
to begin at, that one and all that waits for it run; without one, whatever has changed: a step whose command or whose
package's modules are others than they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generators.errors import GraftError
from generators.runner.results import RECORD, State, Values
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Reuse:
    """The steps of an earlier run by their path; `first` is the step to begin at, "" for whatever has changed."""

    run: str
    steps: Mapping[str, Mapping[str, Any]]
    first: str = ""

    def begins_at(self, path: str) -> bool:
        """Whether a step, or a group around others, is the one to begin at, in any iteration."""
        return bool(self.first) and _without_numbers(path) == self.first

    def outputs(self, path: str, inputs: Values, code: str) -> Values | None:
        """What the step gave then, None where it has to run."""
        step = self.steps.get(path)
        if step is None or step["state"] != State.SUCCEEDED or step["inputs"] != _plain(inputs):
            return None
        if not self.first and step.get("code") != code:
            return None
        made = Values(step["outputs"]["parameters"], step["outputs"]["artifacts"])
        artifacts = [artifact for each in made.artifacts.values() for artifact in each]
        return made if all(map(_is_there, artifacts)) else None


def last(folder: Path, pipeline: str, first: str = "") -> Reuse:
    """The newest run in the folder of a pipeline's runs; GraftError where there is none, or it has no such step."""
    for file in sorted(folder.glob(f"*/{RECORD}"), reverse=True):
        try:
            steps = {step["path"]: _whole(step) for step in json.loads(file.read_text("utf-8"))["steps"]}
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise GraftError(f"{file} is not the record of a run", f"remove {file.parent}") from None
        known = sorted({_without_numbers(path) for path in steps})
        if first and not any(path == first or path.startswith(f"{first}/") for path in known):
            fix = did_you_mean(first, known) or f"name one of them: {', '.join(known)}"
            raise GraftError(f"--from {first}: the last run of {pipeline} has no such step", fix)
        return Reuse(file.parent.name, steps, first)
    raise GraftError(f"{pipeline} has not been run here yet, so nothing can be reused", f"run: graft run {pipeline}")


def _whole(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step with all that is asked of it; LookupError or TypeError where something is missing."""
    made = Values(step["outputs"]["parameters"], step["outputs"]["artifacts"])
    _ = step["state"], step["inputs"], [artifact for each in made.artifacts.values() for artifact in each]
    return step


def _without_numbers(path: str) -> str:
    return "/".join(part for part in path.split("/") if not part.isdigit())


def _plain(values: Values) -> Any:
    return json.loads(json.dumps(asdict(values), default=str))


def _is_there(artifact: Mapping[str, Any]) -> bool:
    """Whether a local artifact's file or folder is; one that lies elsewhere is taken to be."""
    uri = artifact.get("uri", "")
    return "://" in uri or Path(uri).exists() or not Path(uri).is_absolute()
