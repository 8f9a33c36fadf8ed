"""What a rendered tree asks of the machine that shows it: the repository, the clusters, and what is applied by hand.

Each API server that an Application names becomes one of a few local clusters. Two of them may be the same one, as long
as no namespace is in both: there each would take the other's objects for its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from cluster.site import Site

HERE = "https://kubernetes.default.svc"  # what Argo CD calls the cluster that it is in
SETTINGS, PROJECTS, BOOTSTRAP = "settings.yaml", "projects.yaml", "bootstrap.yaml"
HTTPS = 443


class Unusable(Exception):
    """A tree that cannot be shown here, with the reason."""


@dataclass(frozen=True)
class Destination:
    """A cluster of an environment: its name among all of them, its folder in the tree, its API server, a namespace."""

    name: str
    folder: str
    server: str
    namespace: str
    owns_namespace: bool

    @property
    def host(self) -> str:
        """The name of its API server's host."""
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        """The port of its API server."""
        return urlsplit(self.server).port or HTTPS


@dataclass(frozen=True)
class Plan:
    """A rendered tree, as far as Argo CD's installation depends on it."""

    repository: str
    branch: str
    applications: int
    settings: list[dict[str, Any]]
    applied: list[dict[str, Any]]
    sites: Mapping[str, Site]  # by API server
    destinations: list[Destination]

    def local(self) -> list[Site]:
        """The local clusters, each once."""
        return sorted(set(self.sites.values()), key=lambda site: site.number)


def read(rendered: Path) -> Plan:
    """The plan for all environments of a tree that are delivered; raises Unusable."""
    folders = sorted(file.parent for file in rendered.glob(f"*/argocd/{BOOTSTRAP}"))
    if not folders:
        raise Unusable(f"{rendered}: no environment is delivered: give one `delivery`, and render")
    applications = [item for folder in folders for item in objects(folder.glob("*.yaml")) if is_application(item)]
    places = {(item["spec"]["source"]["repoURL"], item["spec"]["source"]["targetRevision"]) for item in applications}
    if len(places) > 1:
        raise Unusable(f"{rendered}: the environments are delivered from several repositories or branches: {places}")
    [(repository, branch)] = places
    if urlsplit(repository).scheme not in ("http", "https"):
        raise Unusable(f"{rendered}: {repository} is served here by https:// or http:// alone")
    destinations = list(described(rendered, applications))
    by_hand = [folder / name for folder in folders for name in (PROJECTS, BOOTSTRAP)]
    settings = list(objects([folders[0] / SETTINGS]))
    return Plan(
        repository,
        branch,
        len(applications),
        settings,
        list(objects(by_hand)),
        placed(destinations),
        destinations,
    )


def described(rendered: Path, applications: Iterable[Mapping[str, Any]]) -> Iterator[Destination]:
    """Each cluster of each environment, once."""
    seen = set()
    for item in applications:
        where, path = item["spec"]["destination"], Path(item["spec"]["source"]["path"])
        if where["server"] == HERE or path.parent in seen:
            continue
        seen.add(path.parent)
        _, environment, cluster, _ = path.parts
        name = cluster if cluster.startswith(f"{environment}-") else f"{environment}-{cluster}"
        platform = objects((rendered.parent / path.parent / "platform").glob("*.yaml"))
        owns = any(each["kind"] == "Namespace" for each in platform)
        yield Destination(name, f"{environment}/{cluster}", where["server"], where["namespace"], owns)


def placed(destinations: Iterable[Destination]) -> dict[str, Site]:
    """The local cluster of each API server: the first that holds none of its namespaces yet."""
    namespaces: dict[str, set[str]] = {}
    for each in destinations:
        namespaces.setdefault(each.server, set()).add(each.namespace)
    held: list[set[str]] = []
    numbers = {}
    for server, names in namespaces.items():
        numbers[server] = next((n for n, taken in enumerate(held) if taken.isdisjoint(names)), len(held))
        if numbers[server] == len(held):
            held.append(set())
        held[numbers[server]] |= names
    servers = [[server for server in numbers if numbers[server] == number] for number in range(len(held))]
    sites = [site(number, each) for number, each in enumerate(servers)]
    return {server: sites[number] for server, number in numbers.items()}


def site(number: int, servers: Iterable[str]) -> Site:
    """The local cluster that stands for these API servers."""
    urls = [urlsplit(server) for server in servers]
    ports = sorted({url.port or HTTPS for url in urls})
    if len(ports) > 1:
        raise Unusable(f"{', '.join(servers)}: these would be one cluster here, which listens at one port")
    return Site(f"cluster-{number + 1}", number, *ports, hosts=tuple(url.hostname or "" for url in urls))


def objects(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """All objects in these files."""
    for file in sorted(files):
        yield from yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader)


def all_objects(rendered: Path) -> list[dict[str, Any]]:
    """All objects of a tree; what a laptop runs is a compiled pipeline, of no kind."""
    return [item for item in objects(rendered.rglob("*.yaml")) if "kind" in item]


def is_application(item: Mapping[str, Any]) -> bool:
    """Whether an object is one of Argo CD's Applications."""
    return item["kind"] == "Application"
