"""How runs ended: by the file that `graft status --output json` wrote, or by the commit statuses of a repository."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from generators.errors import GraftError
from generators.fleet.fleet import Fleet
from generators.live import declared
from generators.live.model import ILL, WELL
from generators.live.outcomes import evidence
from generators.live.outcomes.outcome import FAILED, PROVED
from generators.live.outcomes.outcome import Outcome as Ended

_FIX = "give the file that `graft status --output json` wrote"
_SECONDS = 120.0  # for all of a fleet's statuses
_STATES = defaultdict(lambda: "open", {PROVED: "good", FAILED: "bad"})
NAMES = ("environment", "cluster", "pipeline")


@dataclass(frozen=True)
class Outcome:
    """What is said of one pipeline on one cluster: a word, how good that is (`good`, `bad`, `open`), and what else."""

    word: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Outcomes:
    """The outcomes by environment, cluster and pipeline, what was asked, and when, None where nobody has."""

    rows: Mapping[tuple[str, str, str], Outcome] = field(default_factory=dict)
    taken: datetime | None = None
    asked: str = "The clusters were asked"

    def of(self, environment: str, cluster: str, pipeline: str) -> Outcome | None:
        """The outcome of a pipeline on a cluster, None where it is not known."""
        return self.rows.get((environment, cluster, pipeline))


def read(text: str) -> Outcomes:
    """The outcomes of a document; GraftError where it is none."""
    try:
        document = json.loads(text)
        rows = {tuple(str(row[name]) for name in NAMES): _outcome(row) for row in document["rows"]}
        taken = datetime.fromisoformat(document["taken"]) if document["taken"] else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"--status is not what `graft status --output json` writes: {type(error).__name__}: {error}"
        raise GraftError(message, _FIX) from None
    return Outcomes(rows, taken)


def of_statuses(fleet: Fleet, taken: datetime, environ: Mapping[str, str] = os.environ) -> Outcomes:
    """The outcomes by the commit statuses that `operations` writes, as far as they can be had in a while.

    One request after the other: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """
    found, deadline = {}, time.monotonic() + _SECONDS
    for name, environment in fleet.environments.items():
        for pipeline in environment.pipelines:
            definition = fleet.definition(name, pipeline.name)
            if definition and time.monotonic() < deadline:
                said = evidence.ask(fleet.repository, environment, pipeline, definition, evidence.GITHUB, environ)
                found[name, pipeline.name] = said
    return Outcomes(dict(_rows(fleet, found)), taken, "Commit statuses were read")


def _rows(fleet: Fleet, found: Mapping[tuple[str, str], list[Ended]]) -> Iterator[tuple[tuple[str, str, str], Outcome]]:
    """The outcome of all that is delivered; nothing is recorded of anything else."""
    for name, environment in fleet.environments.items():
        for each in (one for one in declared.of_environment(fleet.repository, environment) if one.data):
            for ended in found.get((name, each.pipeline.name), ()):
                if ended.cluster == each.cluster.name:
                    key = name, each.cluster.name, each.pipeline.name
                    yield key, Outcome(ended.state, _STATES[ended.state], ended.why)


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
