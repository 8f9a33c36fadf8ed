"""The fleet in a few lines: what runs where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED
from generators.model import Environment
from generators.output import write


def cluster_lines(fleet: Fleet, only: str = "") -> Iterator[str]:
    """A line for every cluster: its folder, how many files are in it, and what runs there."""
    counts = Counter("/".join(path.split("/")[:2]) for path in write.files(fleet.repository.root / RENDERED))
    for name, environment in fleet.environments.items():
        for cluster in environment.clusters if only in ("", name) else ():
            folder, count = f"{RENDERED}/{name}/{cluster.name}/", counts[f"{name}/{cluster.name}"]
            files = f"{count} file{'s' if count != 1 else ''}"
            yield f"{folder:<30} {cluster.engine:<9} {files:<8} {_deployed(fleet, environment)}"


def _deployed(fleet: Fleet, environment: Environment) -> str:
    found = {each.name: fleet.definition(environment.name, each.name) for each in environment.pipelines}
    return ", ".join(f"{name} {each.hash}" if each else f"{name} (see graft check)" for name, each in found.items())
