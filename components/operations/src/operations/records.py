"""The record of a run: a ConfigMap `run-<name>` that is there before the run starts, and outlives it.

A name is created once, so that of all who want to start a run one alone may: whoever has created its record, for as
long as its lease runs. Every change is refused where the record has changed since it was read (resourceVersion).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lightkube import ApiError, Client
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ConfigMap

from operations.cluster import MANAGER, PIPELINE, RECORD, VERSION, created, delete, each, found, label_value
from operations.errors import Conflict
from operations.model import LOST, OPEN, RUNNING, STARTING, Outcome, Run, as_json, now, text_of, time_of

KIND = {RECORD: "run"}
LONGEST_OUTPUTS = 64 * 1024  # of the 1 MiB that a ConfigMap holds
LONGEST_MESSAGE = 2000


@dataclass(frozen=True)
class Record:
    """A record as it was read: `data` is the ConfigMap's, `seen` the resource version."""

    run: Run
    data: dict[str, str] = field(default_factory=dict)
    created: str = ""
    seen: str = ""

    @property
    def phase(self) -> str:
        return self.data.get("phase", "")

    @property
    def over(self) -> bool:
        """Whether its end is known."""
        return self.phase not in OPEN

    @property
    def id(self) -> str:
        """The engine's id of the run, "" before it has one."""
        return self.data.get("id", "")

    @property
    def age(self) -> float:
        """Seconds since it was claimed last."""
        return (now() - time_of(self.data.get("claimed", ""))).total_seconds()


@dataclass(frozen=True)
class Records:
    """The records of a namespace."""

    client: Client

    def get(self, name: str) -> Record | None:
        """The record of the run that is called so."""
        config_map = found(self.client, ConfigMap, f"run-{name}")
        return config_map and _record(config_map)

    def all(self) -> list[Record]:
        """Every record of the namespace."""
        return [_record(config_map) for config_map in each(self.client, ConfigMap, KIND)]

    def intents(self) -> Iterator[dict[str, str]]:
        """What Git says is current: each pipeline's `version`, `file` and whatever else its intent holds."""
        for config_map in each(self.client, ConfigMap, {RECORD: "intent"}):
            yield {"pipeline": config_map.metadata.name, **(config_map.data or {})}

    def claim(self, run: Run, holder: str) -> Record | None:
        """The record of a run that nobody has wanted before; None where somebody has."""
        data = {"phase": STARTING, "holder": holder, "claimed": text_of(now())}
        return self._create(Record(run, data))

    def claimed_again(self, record: Record, holder: str) -> Record:
        """The record, with the right to start its run; Conflict where somebody else has taken it."""
        return self.changed(record, phase=STARTING, holder=holder, claimed=text_of(now()))

    def ended(self, record: Record, outcome: Outcome) -> Record:
        """The record with the outcome of its run."""
        return self.changed(record, **_data(outcome))

    def lost(self, record: Record) -> Record:
        """The record of a run that is gone without that anybody has seen its end."""
        message = "the run is no longer there, and its end was not seen: keep finished runs longer than a sweep takes"
        return self.ended(record, Outcome(LOST, message, finished=text_of(now())))

    def add(self, run: Run, id: str, outcome: Outcome) -> Record | None:
        """A record of a run that something else than `operations start` has started; None where there is one."""
        return self._create(Record(run, {"id": id, "by": "sweep", **_data(outcome)}))

    def changed(self, record: Record, **data: str) -> Record:
        """The record with other data; Conflict where it is no longer as it was read."""
        wanted = Record(record.run, {**record.data, **data}, seen=record.seen)
        try:
            return _record(self.client.replace(_config_map(wanted)))
        except ApiError as error:
            if error.status.code in (404, 409):
                raise Conflict(f"the record run-{record.run.name} was changed by somebody else") from error
            raise

    def delete(self, record: Record) -> None:
        """Delete a record."""
        delete(self.client, ConfigMap, f"run-{record.run.name}")

    def _create(self, record: Record) -> Record | None:
        try:
            return _record(self.client.create(_config_map(record)))
        except ApiError as error:
            if error.status.code == 409:
                return None
            raise


def started(id: str) -> dict[str, str]:
    """What a record holds of a run that is certain to have begun."""
    return {"phase": RUNNING, "id": id, "started": text_of(now())}


def _data(outcome: Outcome) -> dict[str, str]:
    outputs = as_json(outcome.outputs) if outcome.outputs else ""
    kept = outputs if len(outputs.encode()) <= LONGEST_OUTPUTS else as_json({"metrics": outcome.outputs["metrics"]})
    return {
        "phase": outcome.phase,
        "message": outcome.message[:LONGEST_MESSAGE],
        **({"started": outcome.started} if outcome.started else {}),
        "finished": outcome.finished,
        "outputs": kept if len(kept.encode()) <= LONGEST_OUTPUTS else "",
        "step": outcome.step,
        "log": outcome.log,
    }


def _config_map(record: Record) -> ConfigMap:
    run = record.run
    named = {PIPELINE: label_value(run.pipeline), VERSION: label_value(run.version)}
    metadata = ObjectMeta(
        name=f"run-{run.name}",
        labels={**KIND, **named, MANAGER: "graft"},
        resourceVersion=record.seen or None,
    )
    return ConfigMap(metadata=metadata, data={**record.data, **_names(run)})


def _names(run: Run) -> dict[str, str]:
    return {"run": run.name, "pipeline": run.pipeline, "version": run.version}


def _record(config_map: Any) -> Record:
    data = dict(config_map.data or {})
    name = config_map.metadata.name.removeprefix("run-")
    run = Run(data.pop("run", name), data.pop("pipeline", ""), data.pop("version", ""))
    return Record(run, data, created(config_map), config_map.metadata.resourceVersion)
