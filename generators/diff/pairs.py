"""Two environments as two sides that can be compared: both under the name of the second, cluster by cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generators.diff.own_names import OwnNames
from generators.diff.state import Side
from generators.fleet.manifests import RENDERED
from generators.fleet.objects import Objects
from generators.inventory.paths import KeyPath
from generators.model import Cluster, Environment


@dataclass(frozen=True)
class Pair:
    """A cluster of the second environment, one of the first that it is held against, and what each calls its own."""

    like: Cluster
    cluster: Cluster
    names: OwnNames

    @property
    def same_engine(self) -> bool:
        """Whether their objects are of the same kinds; else only what pipelines say can be compared."""
        return self.like.engine == self.cluster.engine


def pairs(one: Environment, other: Environment) -> tuple[Pair, ...]:
    """A pair for each cluster of the second: with one of the other's of the same engine, and if possible name."""
    return tuple(_pair(one, other, cluster) for cluster in other.clusters)


def _pair(one: Environment, other: Environment, cluster: Cluster) -> Pair:
    def unlike(each: Cluster) -> tuple[bool, bool]:
        return each.engine != cluster.engine, each.name.replace(one.name, other.name) != cluster.name

    like = min(one.clusters, key=unlike)
    return Pair(like, cluster, OwnNames.of((one, like), (other, cluster)))


def moved(objects: Objects, to: str, pair: Pair) -> Objects:
    """The objects of a cluster as its counterpart in the environment `to` would call them."""
    found = {}
    for file, documents in objects.items():
        inside = file.split("/", 3)[3]
        found[f"{RENDERED}/{to}/{pair.cluster.name}/{inside}"] = list(map(pair.names.renamed, documents))
    return found


def under(side: Side, environment: Environment, called: str, names: Mapping[str, str]) -> Side:
    """A side with one environment alone, by another name; `names` are those of its clusters there to its own."""
    document = side.documents[environment.name]
    clusters = {new: document["clusters"][old] for new, old in names.items()}

    def place(_: str, path: KeyPath) -> str:
        inside = path[:1] == ("clusters",) and len(path) > 1
        return side.place(environment.name, ("clusters", names[path[1]], *path[2:]) if inside else path)

    described = {each.name: each for each in environment.clusters}
    alike = tuple(replace(described[old], name=new) for new, old in names.items())
    return replace(
        side,
        environments={called: replace(environment, clusters=alike)},
        documents={called: {**document, "clusters": clusters}},
        runs={(called, name): hash_ for (each, name), hash_ in side.runs.items() if each == environment.name},
        place=place,
    )
