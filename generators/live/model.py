"""What is seen of a fleet: a row for each environment, cluster and pipeline, and the newest run of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SUCCEEDED, FAILED, ERROR = "Succeeded", "Failed", "Error"
WELL = (SUCCEEDED, "Skipped")  # Skipped: KFP took everything from its cache
ILL = (FAILED, ERROR, "Lost", "Refused", "Canceled")
OVER = (*WELL, *ILL)


@dataclass(frozen=True)
class Step:
    """A step of a run: its path with the numbers of its iterations, and what became of it.

    `state` is WAITING, RUNNING, SUCCEEDED, REUSED, SKIPPED, RETRIED or FAILED; a step that is tried again is one each
    time, told by its `id`. `message` is why it failed, or what it waits for.
    """

    id: str
    path: str
    state: str
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Run:
    """A run: its phase as the engine calls it, times in RFC 3339 ("" where there is none yet).

    `metrics` are `step: name` to the value; `step` is the path of the step that failed, `log` the last lines that it
    printed. `steps` are there where the engine has been asked for them.
    """

    name: str
    phase: str
    version: str = ""
    message: str = ""
    started: str = ""
    finished: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    log: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def over(self) -> bool:
        """Whether its end is known."""
        return self.phase in OVER

    @property
    def seconds(self) -> float | None:
        """How long it took, or takes as far as it has got by now."""
        if not self.started:
            return None
        end = time_of(self.finished) if self.finished else datetime.now(UTC) if not self.over else None
        return max(0.0, (end - time_of(self.started)).total_seconds()) if end else None

    @property
    def headline(self) -> tuple[str, Any] | None:
        """The metric that says most: the accuracy where there is one, in the step nearest to the root, else the first.

        As the component `operations` chooses it for a commit status.
        """
        named = [(key.rpartition(": ")[2], key, value) for key, value in self.metrics.items()]
        name, _, value = min(named, key=lambda it: (it[0] != "accuracy", it[1].count("/"), it[1]), default=("", "", ""))
        return (name, value) if name else None


@dataclass(frozen=True)
class Application:
    """What Argo CD says of an Application: `message` is why it is not in order, `versions` what it holds by kind."""

    name: str
    sync: str
    health: str
    message: str = ""
    revision: str = ""
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One pipeline on one cluster: what Git says, what Argo CD says, what the cluster says.

    `live` is None where nobody could be asked, and "" where there is none; `next` is in the schedule's own local time.
    """

    environment: str
    cluster: str
    pipeline: str
    engine: str
    git: str
    live: str | None = None
    application: Application | None = None
    run: Run | None = None
    next: datetime | None = None
    suspended: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


def time_of(text: str) -> datetime:
    """The time that RFC 3339 says."""
    return datetime.fromisoformat(text)


def text_of(time: Any) -> str:
    """A time in RFC 3339, to the second, as Kubernetes writes it; "" for none, and a text as it is."""
    if isinstance(time, datetime):
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time or ""
