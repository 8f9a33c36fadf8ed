"""What runs where: a row for each environment, cluster and pipeline, with what Git says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from generators.cron.words import in_words
from generators.fleet.fleet import Fleet
from generators.live import declared
from generators.live.declared import Declared
from generators.model import Schedule
from generators.pages.outcomes import Outcome, Outcomes


@dataclass(frozen=True)
class Row:
    """One pipeline on one cluster; "" is what there is not, and `outcome` is None where nobody has looked."""

    environment: str
    cluster: str
    engine: str
    pipeline: str
    definition: str
    pinned: bool
    version: str
    schedule: str
    next: str
    outcome: Outcome | None


def rows(fleet: Fleet, outcomes: Outcomes, now: datetime | None) -> Iterator[Row]:
    """All of a fleet, in the order of its files; `now` is what next times are reckoned from."""
    for environment in fleet.environments.values():
        for each in declared.of_environment(fleet.repository, environment):
            yield _row(fleet, each, outcomes, now)


def _row(fleet: Fleet, it: Declared, outcomes: Outcomes, now: datetime | None) -> Row:
    environment, pipeline = it.environment.name, it.pipeline
    definition = fleet.definition(environment, pipeline.name)
    schedule = pipeline.schedule
    following = it.next(now) if now and schedule and not schedule.suspended else None
    return Row(
        environment,
        it.cluster.name,
        it.cluster.engine,
        pipeline.name,
        definition.hash if definition else "",
        bool(pipeline.definition),
        it.version,
        words(schedule) if schedule else "",
        f"{following:%a %Y-%m-%d %H:%M %Z}" if following else "",
        outcomes.of(environment, it.cluster.name, pipeline.name),
    )


def words(schedule: Schedule) -> str:
    """A schedule in English."""
    said = f"{'; '.join(map(in_words, schedule.cron))}, {schedule.timezone or 'UTC'}"
    return f"{said} (suspended)" if schedule.suspended else said
