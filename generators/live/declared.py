"""What the checkout says is to be where: the rendered intent of each pipeline on each cluster, and its schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from generators.cron.fire_times import fire_times
from generators.delivery.names import application
from generators.delivery.runs import INTENT
from generators.engines.engine import Engine
from generators.engines.registry import engine
from generators.fleet.manifests import RENDERED
from generators.inventory.read import Repository, plain
from generators.live.model import Row
from generators.model import Cluster, Environment, Pipeline


@dataclass(frozen=True)
class Declared:
    """One pipeline of one environment on one cluster, as Git has it; `data` is that of its intent, {} for none."""

    environment: Environment
    cluster: Cluster
    pipeline: Pipeline
    data: dict[str, str]

    @property
    def engine(self) -> Engine:
        return engine(self.cluster.engine)

    @property
    def version(self) -> str:
        """The name of the version that is to be current, "" where there is none."""
        return self.data.get("version", "")

    @property
    def folder(self) -> str:
        """The folder of the cluster."""
        return f"{RENDERED}/{self.environment.name}/{self.cluster.name}"

    @property
    def application(self) -> tuple[str, str]:
        """The namespace and the name of its Application; both "" where nothing delivers it."""
        delivery = self.environment.delivery
        if not (delivery and self.engine.on_kubernetes):
            return "", ""
        return delivery.namespace, application(self.environment, self.cluster, self.pipeline.name)

    def pages(self, run: str) -> Mapping[str, str]:
        """The engine's own pages of a run, or of the version where there is none, by what they are called."""
        return self.engine.pages(self.cluster, self.environment.namespace, self.version, run)

    def next(self, after: datetime) -> datetime | None:
        """When its schedule fires next, as clocks of its zone show it; None where it never does."""
        schedule = self.pipeline.schedule
        if not schedule or not self.engine.version:
            return None
        return next(islice(fire_times(schedule.cron, schedule.timezone or "UTC", after), 1), None)

    def row(self, now: datetime) -> Row:
        """The row of which only what Git says is known."""
        names = (self.environment.name, self.cluster.name, self.pipeline.name, self.cluster.engine)
        suspended = bool(self.pipeline.schedule and self.pipeline.schedule.suspended)
        return Row(*names, git=self.version, next=None if suspended else self.next(now), suspended=suspended)


def of_environment(repository: Repository, environment: Environment) -> Iterator[Declared]:
    """Every pipeline on every cluster of an environment, in the order of its file."""
    for cluster in environment.clusters:
        for pipeline in environment.pipelines:
            if pipeline.runs_on(cluster.name):
                yield of(repository, environment, cluster, pipeline)


def of(repository: Repository, environment: Environment, cluster: Cluster, pipeline: Pipeline) -> Declared:
    """One pipeline on one cluster, with what is rendered for it."""
    file = f"{RENDERED}/{environment.name}/{cluster.name}/{pipeline.name}/{INTENT}"
    data = plain(repository.document(file).root).get("data", {}) if repository.exists(file) else {}
    return Declared(environment, cluster, pipeline, data)
