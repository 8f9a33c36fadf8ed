"""Whether a change of the clocks drops or doubles a run that a schedule declares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from generators.cron.problems import problem, timezone_problem
from generators.cron.warnings import clock_warnings
from generators.engines.registry import engine
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.explain import place_of
from generators.model import Environment, Finding, Pipeline, Schedule


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A warning for every schedule that the clocks of its time zone touch in the next two years."""
    today = datetime.now(UTC).date()
    seen: dict[tuple[tuple[str, ...], str], list] = {}
    for name, environment in fleet.environments.items():
        for pipeline, schedule in _scheduled(environment):
            key = (schedule.cron, schedule.timezone)
            if key not in seen:
                seen[key] = clock_warnings(*key, today)
            for warning in seen[key]:
                path = ("pipelines", pipeline.name, "schedule", "cron")
                place = place_of(fleet.files.merged(name), path)
                said = (warning.message, warning.cron, "", warning.fix)
                yield Finding("warning", "schedule", "clocks", place, ".".join(path), *said)


def _scheduled(environment: Environment) -> Iterator[tuple[Pipeline, Schedule]]:
    """What is scheduled in clusters, and not suspended, by what is a schedule at all."""
    for pipeline in environment.pipelines:
        clusters = [each for each in environment.clusters if pipeline.runs_on(each.name)]
        runs = any(engine(each.engine).on_kubernetes for each in clusters)
        if pipeline.schedule and runs and not pipeline.schedule.suspended and _is_sound(pipeline.schedule):
            yield pipeline, pipeline.schedule


def _is_sound(schedule: Schedule) -> bool:
    return not any(map(problem, schedule.cron)) and not (schedule.timezone and timezone_problem(schedule.timezone))
