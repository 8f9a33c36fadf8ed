"""Argo CD's Applications of an environment: one for each pipeline on each cluster, one for each cluster's platform.

Each is a small file with everything in it: nothing is templated, and no name or path is computed in the cluster. The
bootstrap Application applies the folder that they stand in, itself included. All are in one sync wave, so that a
cluster that is down keeps no other from its own; what an Application needs of another, as pipelines of their
namespace, it gets by being tried again.
https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from generators.delivery import serving
from generators.delivery.names import (
    ARGOCD,
    PLATFORM,
    application,
    argocd_project,
    pipelines_project,
    platform_project,
)
from generators.delivery.objects import labelled, made
from generators.delivery.projects import HERE, projects
from generators.delivery.settings import settings
from generators.engines.engine import Files, Object
from generators.engines.registry import engine
from generators.ir.labels import of_environment
from generators.model import Cluster, Delivery, Environment, Pipeline

API_VERSION = "argoproj.io/v1alpha1"
PROJECTS = "projects.yaml"
SETTINGS = "settings.yaml"  # which is not the bootstrap Application's: it is Argo CD's own, for all environments
_FINALIZER = "resources-finalizer.argocd.argoproj.io"  # so that an Application that goes takes its objects along
_PATHS = "argocd.argoproj.io/manifest-generate-paths"  # a commit elsewhere is not rendered again
# A limit would leave a cluster behind after an outage that is longer; without refresh an old revision, which is tried
# for ever, keeps the one that mends it from being synced.
_RETRY = {"limit": -1, "refresh": True, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"}}
_OPTIONS = ["ServerSideApply=true", "CreateNamespace=false", "FailOnSharedResource=true"]
# Where a schedule owns the runs that it has started, those that go on, or are not recorded yet, would go with it.
_RUNS_STAY = "PrunePropagationPolicy=orphan"
_AS_IT_IS = "RespectIgnoreDifferences=true"  # what is ignored is not written either


def render(environment: Environment, rules: Sequence[str] = ()) -> Files:
    """File name to objects; empty where the environment is not delivered, or has no cluster to be delivered to.

    `rules` are the policies that a cluster's platform may hold.
    """
    delivery, clusters = environment.delivery, delivered(environment)
    if delivery is None or not clusters:
        return {}
    files = {PROJECTS: projects(environment, delivery, clusters, rules)}
    files["bootstrap.yaml"] = [_bootstrap(environment, delivery)]
    for cluster in clusters:
        parts = [None, *(each for each in environment.pipelines if each.runs_on(cluster.name))]
        for part in parts:
            name = application(environment, cluster, part.name if part else PLATFORM)
            files[f"{name}.yaml"] = [_of_cluster(name, environment, delivery, cluster, part)]
    labels = of_environment(environment)
    own = {name: [labelled(obj, labels) for obj in objects] for name, objects in files.items()}
    return {SETTINGS: settings(delivery), **own}


def delivered(environment: Environment) -> list[Cluster]:
    """The clusters that Argo CD can reach, as Kubernetes clusters."""
    return [cluster for cluster in environment.clusters if engine(cluster.engine).on_kubernetes]


def _of_cluster(
    name: str, environment: Environment, delivery: Delivery, cluster: Cluster, pipeline: Pipeline | None
) -> Object:
    """The Application of a pipeline on a cluster; without one, of the cluster's platform."""
    project = pipelines_project(environment) if pipeline else platform_project(environment)
    path = f"rendered/{environment.name}/{cluster.name}/{pipeline.name if pipeline else PLATFORM}"
    destination = {"server": cluster.server, "namespace": environment.namespace}
    options = [_RUNS_STAY] if pipeline and engine(cluster.engine).schedule else []
    ignored = []
    if pipeline and pipeline.serve and not pipeline.serve.pinned:
        ignored = serving.ignored(pipeline.name)
        options.append(_AS_IT_IS)
    found = _application(name, delivery, project, {"path": path}, destination, options, ignored)
    found["metadata"]["finalizers"] = [_FINALIZER]
    return found


def _bootstrap(environment: Environment, delivery: Delivery) -> Object:
    """The Application that applies this folder; what is in it is Argo CD's, so it goes to where Argo CD is.

    It has no finalizer: it holds itself, and Argo CD would wait for it to be gone before it deletes anything.
    """
    source = {"path": f"rendered/{environment.name}/{ARGOCD}", "directory": {"exclude": SETTINGS}}
    destination = {"server": HERE, "namespace": delivery.namespace}
    return _application(environment.name, delivery, argocd_project(environment), source, destination)


def _application(
    name: str,
    delivery: Delivery,
    project: str,
    source: dict[str, Any],
    destination: dict[str, str],
    options: Iterable[str] = (),
    ignored: Sequence[Object] = (),
) -> Object:
    spec = {
        "project": project,
        "source": {"repoURL": delivery.repository, "targetRevision": delivery.branch, **source},
        "destination": destination,
        "revisionHistoryLimit": 10,
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "syncOptions": [*_OPTIONS, *options],
            "retry": _RETRY,
        },
    }
    spec |= {"ignoreDifferences": ignored} if ignored else {}
    return made(API_VERSION, "Application", name, delivery.namespace, {"spec": spec}, annotations={_PATHS: "."})
