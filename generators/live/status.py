"""What Argo CD and the clusters say of each environment, cluster and pipeline, beside what Git says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from generators.engines.registry import engine
from generators.errors import GraftError, Unreached
from generators.fleet import environments as described
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments, file_of
from generators.inventory.explain import place_of
from generators.inventory.paths import format_path
from generators.inventory.read import Repository
from generators.live import argocd, asking, kubeconfig, namespace
from generators.live.argocd import ArgoCD
from generators.live.declared import Declared, of_environment
from generators.live.kubeconfig import Kubeconfig
from generators.live.model import Row
from generators.live.namespace import Namespace
from generators.model import Cluster, Environment, Finding, Place

ARGOCD = "argocd"
WORKFLOW = "Workflow"
Key = tuple[str, str]  # an environment and a cluster of it; ("", ARGOCD) for Argo CD


@dataclass(frozen=True)
class Status:
    """The rows, when they were taken, and what could not be reached or read, as findings."""

    taken: datetime
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    servers: Mapping[Key, str]

    def reached(self, environment: str, cluster: str) -> bool:
        """Whether a cluster has answered."""
        return not any(each.path == cluster_path(environment, cluster) for each in self.findings)


def status(repository: Repository, only: str, argocd_context: str, now: datetime, cache: Cache) -> Status:
    """The state of the fleet, or of one environment; all places are asked at the same time, and none for long."""
    files = described.load(repository, cache)
    if only:
        files.require(only)
    sound = [name for name, each in files.described.items() if only in ("", name) and each.sound]
    environments = [files.described[name].environment for name in sound]
    declared = [each for environment in environments for each in of_environment(repository, environment)]
    known = kubeconfig.load()
    answers = asking.all_at_once(_questions(environments, known, argocd_context))
    rows = tuple(_row(each, answers, now) for each in declared)
    findings = [*_unsound(files, only), *_unreached(files, answers, environments)]
    servers = {(it.name, cluster.name): cluster.server for it in environments for cluster in it.clusters}
    return Status(now, rows, tuple(findings), servers)


def cluster_path(environment: str, cluster: str) -> str:
    """How a finding names a cluster of an environment."""
    return format_path((environment, "clusters", cluster))


def _questions(
    environments: Iterable[Environment], known: Kubeconfig, argocd_context: str
) -> dict[Key, Callable[[], Any]]:
    """What is asked of whom: Argo CD, where it delivers any of the environments, and every cluster of theirs."""
    questions: dict[Key, Callable[[], Any]] = {}
    environments = list(environments)
    places = sorted({each.delivery.namespace for each in environments if each.delivery and _on_kubernetes(each)})
    if places:
        questions["", ARGOCD] = partial(_ask_argocd, known, argocd_context, places)
    for environment in environments:
        for cluster in _on_kubernetes(environment):
            questions[environment.name, cluster.name] = partial(_ask_cluster, known, environment, cluster)
    return questions


def _on_kubernetes(environment: Environment) -> list[Cluster]:
    return [cluster for cluster in environment.clusters if engine(cluster.engine).on_kubernetes]


def _ask_argocd(known: Kubeconfig, context: str, namespaces: list[str]) -> ArgoCD:
    try:
        chosen = known.named(context)
    except GraftError as error:
        fix = error.fix if known.contexts else "set KUBECONFIG, or log in to the cluster that has Argo CD"
        raise Unreached(error.message, f"{fix}; --argocd CONTEXT names the one of Argo CD") from error
    return argocd.ask(chosen, namespaces)


def _ask_cluster(known: Kubeconfig, environment: Environment, cluster: Cluster) -> Namespace:
    context = asking.context_of(known, environment, cluster)
    return namespace.ask(context, environment.namespace, engine(cluster.engine).run == WORKFLOW)


def _row(each: Declared, answers: Mapping[Key, Any], now: datetime) -> Row:
    """All that is known of one pipeline on one cluster."""
    row, argo = each.row(now), answers.get(("", ARGOCD))
    application = argo.applications.get(each.application) if isinstance(argo, ArgoCD) else None
    there = answers.get((row.environment, row.cluster))
    live, run = None, None
    if isinstance(there, Namespace):
        live, run = there.versions.get(row.pipeline, ""), there.runs.get(row.pipeline)
    elif application:  # which knows what it has applied
        live = next(iter(application.versions.get(each.engine.version, ())), None)
    links = {"Argo CD": argo.link(*each.application)} if isinstance(argo, ArgoCD) and application else {}
    links |= each.pages(run.name if run else "")
    links = {what: url for what, url in links.items() if url}
    return replace(row, live=live, application=application, run=run, links=links)


def _unsound(files: Environments, only: str) -> Iterator[Finding]:
    """What is wrong with the files of environments that therefore have no rows."""
    for name, each in files.described.items():
        if only in ("", name) and not each.sound:
            yield from (finding for finding in each.findings if finding.failing)
    described_files = {layer.file for each in files.described.values() for layer in each.layers}
    for finding in files.findings:
        wanted = not only or finding.place.file == file_of(only)
        if finding.failing and wanted and finding.place.file not in described_files:
            yield finding


def _unreached(files: Environments, answers: Mapping[Key, Any], environments: list[Environment]) -> Iterator[Finding]:
    """A finding for each place that did not answer, at the line that says where it is."""
    for (environment, name), answer in answers.items():
        if not isinstance(answer, Unreached):
            continue
        if name == ARGOCD and not environment:
            delivered = next(each.name for each in environments if each.delivery)
            path, place = "argocd", place_of(files.merged(delivered), ("delivery", "repository"))
        else:
            path = cluster_path(environment, name)
            place = place_of(files.merged(environment), ("clusters", name, "server"))
        at = Place(place.file, place.line, place.column)
        yield Finding("unchecked", "status", "unreached", at, path, answer.message, fix=answer.fix)
