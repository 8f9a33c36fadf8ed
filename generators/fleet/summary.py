"""The fleet in a few lines: what runs where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED
from generators.output import write


@dataclass(frozen=True)
class Rendered:
    """What is rendered for a cluster: how many files, and of which definition each pipeline is, "" where of none."""

    environment: str
    cluster: str
    engine: str
    files: int
    pipelines: dict[str, str]

    def to_record(self) -> dict[str, Any]:
        """The same as JSON has it."""
        pipelines = [{"pipeline": name, "definition": hash_} for name, hash_ in self.pipelines.items()]
        return {**asdict(self), "folder": self.folder, "pipelines": pipelines}

    def to_text(self) -> str:
        """The same as a line of a table."""
        files = f"{self.files} file{'s' if self.files != 1 else ''}"
        deployed = ", ".join(f"{name} {hash_ or '(see graft check)'}" for name, hash_ in self.pipelines.items())
        return f"{self.folder + '/':<30} {self.engine:<9} {files:<8} {deployed}"

    @property
    def folder(self) -> str:
        return f"{RENDERED}/{self.environment}/{self.cluster}"


def clusters(fleet: Fleet, only: str = "") -> Iterator[Rendered]:
    """What is rendered for every cluster, or for those of one environment."""
    counts = Counter("/".join(path.split("/")[:2]) for path in write.files(fleet.repository.root / RENDERED))
    for name, environment in fleet.environments.items():
        found = {each.name: fleet.definition(name, each.name) for each in environment.pipelines}
        pipelines = {pipeline: each.hash if each else "" for pipeline, each in found.items()}
        for cluster in environment.clusters if only in ("", name) else ():
            yield Rendered(name, cluster.name, cluster.engine, counts[f"{name}/{cluster.name}"], pipelines)
