"""What two environments may not share: a namespace of a cluster, a database, a place in an object store."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from urllib.parse import parse_qs

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown
from generators.model import Environment

_PORT = 5432  # PostgreSQL's own


Known = Callable[[str, KeyPath], bool]


def problems(environments: Mapping[str, Environment], known: Known) -> Iterator[tuple[str, Problem]]:
    """(environment, problem) for everything that two environments claim; `known` says which values are no guesses."""
    yield from _namespaces({name: each for name, each in environments.items() if known(name, ("namespace",))})
    databases = {
        name: each for name, each in environments.items() if each.database.url and known(name, ("database", "url"))
    }
    for (name, one), (other, two) in permutations(databases.items(), 2):
        if _database(one.database.url) == _database(two.database.url):
            message = f"this is the database of {other} too, so they would share their models and the champion"
            fix = "give one of them a database of its own"
            yield name, Problem(("database", "url"), "shared-database", message, shown(one.database.url), fix=fix)
    stores = {name: each for name, each in environments.items() if known(name, ("storage", "uri"))}
    for (name, one), (other, two) in permutations(stores.items(), 2):
        if _overlap(_store(one.storage.uri), _store(two.storage.uri)):
            message = f"{other} keeps its files here too ({shown(two.storage.uri)}), so each may overwrite the other's"
            fix = "give one of them a bucket of its own"
            yield name, Problem(("storage", "uri"), "shared-storage", message, shown(one.storage.uri), fix=fix)


def _namespaces(environments: Mapping[str, Environment]) -> Iterator[tuple[str, Problem]]:
    """The problems of every cluster's namespace that two environments claim, or one twice."""
    claims: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for name, environment in environments.items():
        for cluster in environment.clusters:
            if cluster.server:
                claims[cluster.server, environment.namespace].append((name, cluster.name))
    for (_, namespace), claimed in claims.items():
        for name, cluster in claimed if len(claimed) > 1 else ():
            others = {other for other, _ in claimed} - {name}
            same = {other for each, other in claimed if each == name} - {cluster}
            yield name, _same_cluster(cluster, same) if same else _claimed(cluster, namespace, others)


def _claimed(cluster: str, namespace: str, others: set[str]) -> Problem:
    message = f"the namespace {namespace} of this cluster is claimed by {', '.join(sorted(others))} as well"
    return Problem(("clusters", cluster), "shared-namespace", message, fix="give one of them a namespace of its own")


def _same_cluster(cluster: str, others: set[str]) -> Problem:
    message = f"this is the cluster {', '.join(sorted(others))} once more: both have the same server"
    fix = "remove one of them, or correct its server"
    return Problem(("clusters", cluster), "shared-namespace", message, fix=fix)


def _database(url: str) -> tuple[str, ...]:
    """What makes two URLs the same database, whoever reads it, but for what chooses a schema inside it."""
    scheme, _, rest = url.partition("://")
    rest, _, query = rest.partition("?")
    netloc, _, name = rest.partition("/")
    if scheme == "sqlite":
        return (scheme, posixpath.normpath(name))
    host = netloc.rpartition("@")[2].lower()
    schema = parse_qs(query).get("options", [""])[0]
    return (scheme, host if ":" in host else f"{host}:{_PORT}", name, schema)


def _store(uri: str) -> str:
    """The place of a store, such as s3://bucket/folder/; a folder may be written as a path or as a URI."""
    scheme, found, rest = uri.partition("://")
    if found and scheme != "file":
        return f"{scheme}://{posixpath.normpath(rest)}/"
    return f"{posixpath.normpath(uri.removeprefix('file://'))}/"


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
