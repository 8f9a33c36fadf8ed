"""What `graft status --output json` saw, read from the file that it was written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from generators.errors import GraftError
from generators.live.model import ILL, WELL

_FIX = "give the file that `graft status --output json` wrote"
NAMES = ("environment", "cluster", "pipeline")


@dataclass(frozen=True)
class Outcome:
    """What is said of one pipeline on one cluster: a word, how good that is (`good`, `bad`, `open`), and what else."""

    word: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Outcomes:
    """The outcomes by environment, cluster and pipeline, and when it was looked, None where nobody has."""

    rows: Mapping[tuple[str, str, str], Outcome] = field(default_factory=dict)
    taken: datetime | None = None

    def of(self, environment: str, cluster: str, pipeline: str) -> Outcome | None:
        """The outcome of a pipeline on a cluster, None where it is not known."""
        return self.rows.get((environment, cluster, pipeline))


def read(text: str) -> Outcomes:
    """The outcomes of a document; GraftError where it is none."""
    try:
        document = json.loads(text)
        rows = {tuple(str(row[name]) for name in NAMES): _outcome(row) for row in document["rows"]}
        taken = datetime.fromisoformat(document["taken"]) if document["taken"] else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"--status is not what `graft status --output json` writes: {type(error).__name__}: {error}"
        raise GraftError(message, _FIX) from None
    return Outcomes(rows, taken)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    """What counts of a row: how the newest run went, and whether the cluster runs what Git says."""
    run, application, version = row["run"], row["application"], row["version"]
    behind = version["live"] is not None and version["live"] != version["git"]
    told = [
        *([f"{run['metric']['name']} {run['metric']['value']}"] if run and run["metric"] else []),
        *([f"failed at {run['step']}"] if run and run["step"] else []),
        *([f"live is {version['live'] or 'nothing'}"] if behind else []),
        *([f"Argo CD: {application['sync']}, {application['health']}"] if application else []),
    ]
    phase = str(run["phase"]) if run else "no run"
    state = "good" if phase in WELL else "bad" if phase in ILL else "open"
    return Outcome(phase, state, "; ".join(told))
