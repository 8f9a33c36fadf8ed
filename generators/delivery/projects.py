"""Argo CD's AppProjects of an environment: what its Applications may hold, where they may go, and as whom.

The first holds the Applications and these projects, where Argo CD is, and nothing else. The second may make what is the
cluster's: the namespace, roles, quotas. The third may not: its pipelines go to the environment's namespace, are of the
kinds that engines render, and are applied by a service account that may do no more.
Nothing is a wildcard, and a list of nothing is written down, since one that is missing allows everything.
https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generators.delivery import serving
from generators.delivery.names import argocd_project, pipelines_project, platform_project
from generators.delivery.objects import made
from generators.delivery.platform_kinds import NAMESPACED
from generators.delivery.policies import BINDING, GROUP, POLICY
from generators.delivery.runs import DEPLOYER, KINDS
from generators.engines.engine import Object
from generators.engines.registry import engine
from generators.model import Cluster, Delivery, Environment

API_VERSION = "argoproj.io/v1alpha1"
HERE = "https://kubernetes.default.svc"  # the cluster that Argo CD itself is in
_CONTROLLER = "argocd-application-controller"  # what Argo CD's installation makes in its own
_OWN = [("argoproj.io", "AppProject"), ("argoproj.io", "Application")]
# After the Applications: one that goes takes its objects along only as long as its project admits where they are. One
# that is new is refused until its project is, and then tried again. Where the Application that holds all of them is
# deleted, the last wave would go first, and no Application could be deleted any more: so the projects stay.
_ANNOTATIONS = {"argocd.argoproj.io/sync-wave": "1", "argocd.argoproj.io/sync-options": "Delete=false"}

Kind = tuple[str, str]  # a group, "" for the core's, and a kind


def projects(
    environment: Environment, delivery: Delivery, clusters: Sequence[Cluster], rules: Sequence[str] = ()
) -> list[Object]:
    """The three AppProjects; `rules` are the policies that there are."""
    return [
        _argocd(environment, delivery),
        _platform(environment, delivery, clusters, rules),
        _pipelines(environment, delivery, clusters),
    ]


def _argocd(environment: Environment, delivery: Delivery) -> Object:
    """What the bootstrap Application is in. Kinds are a project's, not a destination's, so it shares with no other."""
    where = [(HERE, delivery.namespace, f"{delivery.namespace}:{_CONTROLLER}")]
    description = f"the Applications of {environment.name}"
    return _project(argocd_project(environment), delivery, description, where, [], _OWN)


def _platform(
    environment: Environment, delivery: Delivery, clusters: Sequence[Cluster], rules: Sequence[str]
) -> Object:
    """What the clusters' platforms are in."""
    accounts = {cluster.server: _manager(cluster, delivery) for cluster in clusters}
    where = [(server, environment.namespace, account) for server, account in accounts.items()]
    description = f"the clusters of {environment.name}: namespaces, accounts, quotas"
    owned = any(engine(cluster.engine).owns_namespace for cluster in clusters)
    return _project(
        platform_project(environment),
        delivery,
        description,
        where,
        [
            *_of_cluster(environment, rules),
            *([{"group": "", "kind": "Namespace", "name": environment.namespace}] * owned),
        ],
        NAMESPACED,
    )


def _of_cluster(environment: Environment, rules: Sequence[str]) -> list[dict[str, str]]:
    """The policies, which have no namespace: those that are left out too, or Argo CD would not remove them."""
    names = [f"{environment.name}-{rule}" for rule in rules]
    return [{"group": GROUP, "kind": kind, "name": name} for kind in (POLICY, BINDING) for name in names]


def _pipelines(environment: Environment, delivery: Delivery, clusters: Sequence[Cluster]) -> Object:
    """What the pipelines are in, each cluster's applied by the deployer of its namespace."""
    where = [(cluster.server, environment.namespace, f"{environment.namespace}:{DEPLOYER}") for cluster in clusters]
    kinds = {kind for cluster in clusters for kind in engine(cluster.engine).kinds}
    kinds |= {(serving.GROUP, serving.KIND)} if any(each.serve for each in environment.pipelines) else set()
    description = f"the pipelines of {environment.name}"
    return _project(pipelines_project(environment), delivery, description, where, [], sorted({*kinds, *KINDS}))


def _manager(cluster: Cluster, delivery: Delivery) -> str:
    return f"{delivery.namespace}:{_CONTROLLER}" if cluster.server == HERE else delivery.manager


def _project(
    name: str,
    delivery: Delivery,
    description: str,
    where: Iterable[tuple[str, str, str]],
    cluster_scoped: list[dict[str, str]],
    namespaced: Iterable[Kind],
) -> Object:
    """An AppProject; `where` are its destinations: a server, a namespace, and the account that applies there."""
    places = sorted(set(where))
    spec = {
        "description": description,
        "sourceRepos": [delivery.repository],
        "destinations": [{"server": server, "namespace": namespace} for server, namespace, _ in places],
        "destinationServiceAccounts": [
            {"server": server, "namespace": namespace, "defaultServiceAccount": account}
            for server, namespace, account in places
        ],
        "clusterResourceWhitelist": cluster_scoped,
        "namespaceResourceWhitelist": [{"group": group, "kind": kind} for group, kind in namespaced],
    }
    return made(API_VERSION, "AppProject", name, delivery.namespace, {"spec": spec}, annotations=dict(_ANNOTATIONS))
