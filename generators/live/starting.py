"""`graft run PIPELINE --env E --cluster C`: starts what is rendered there, and gives it to be followed.

What an engine makes of a run is the engine's own (`engines/`); how its API is spoken to is here, in one table by the
engine's name, since the layers below reach no cluster.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from generators.engines.engine import Object
from generators.engines.registry import engine
from generators.errors import GraftError, Stale, Unreached
from generators.fleet import given, manifests
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import COMMAND, Rendering
from generators.fleet.stale import stale_files
from generators.inventory.read import Repository
from generators.live import asking, declared, kubeconfig
from generators.live.declared import Declared
from generators.live.wanted import Access, Started, Wanted
from generators.model import UNBUILT, Cluster, Environment, Pipeline
from generators.suggestions import did_you_mean

Starter = Callable[[Wanted, Access, Mapping[str, str]], Started]


def start(
    repository: Repository,
    pipeline: str,
    env: str,
    cluster: str,
    assignments: list[str],
    access: Access,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Wanted, Started]:
    """Start a run of `pipeline` as it is rendered for a cluster, with parameters given as KEY=VALUE for it alone.

    Refused, Stale and GraftError say why nothing was started, Unreached that nobody answered.
    """
    fleet, rendering = manifests.accepted(repository, env, Cache.of_user())
    where = _declared(fleet, env, cluster, pipeline)
    starter = _starter(where.cluster, access)
    _not_stale(fleet, rendering, where)
    parameters = given.parameters(fleet, env, pipeline, assignments)
    spec = fleet.definition(env, pipeline).spec
    wanted = Wanted(where, _manifest(repository, where), spec, parameters)
    return wanted, starter(wanted, access, environ)


def _declared(fleet: Fleet, env: str, cluster: str, pipeline: str) -> Declared:
    environment = fleet.environments[env]
    chosen = _cluster(fleet, environment, cluster)
    deployed = {each.name: each for each in environment.pipelines}
    if pipeline not in deployed:
        message = f"{env} has no pipeline {pipeline!r}; it has: {', '.join(deployed) or 'none'}"
        raise GraftError(message, did_you_mean(pipeline, deployed) or "name one of these")
    _runs_there(deployed[pipeline], chosen)
    return declared.of(fleet.repository, environment, chosen, deployed[pipeline])


def _cluster(fleet: Fleet, environment: Environment, name: str) -> Cluster:
    known = {each.name: each for each in environment.clusters}
    if name in known:
        return known[name]
    others = [each.name for each in fleet.environments.values() if any(name == it.name for it in each.clusters)]
    fix = f"it is one of {others[0]}: --env {others[0]}" if others else did_you_mean(name, known) or "name one of these"
    raise GraftError(f"{environment.name} has no cluster {name!r}; it has: {', '.join(known) or 'none'}", fix)


def _runs_there(pipeline: Pipeline, cluster: Cluster) -> None:
    if not pipeline.runs_on(cluster.name):
        clusters = ", ".join(pipeline.clusters)
        raise GraftError(f"{pipeline.name} does not run on {cluster.name}; it runs on: {clusters}", "name one of these")


def _starter(cluster: Cluster, access: Access) -> Starter:
    """What starts runs on a cluster; GraftError where nothing does, or where it is to be reached as another engine."""
    if engine(cluster.engine).here:
        raise GraftError(f"{cluster.name} is this machine", "leave --cluster out, and the run is one of this machine's")
    if cluster.engine not in STARTERS:
        fix = f"docs/{cluster.engine}.md says how one is started there"
        raise GraftError(f"graft starts no runs on {cluster.name}, whose engine is {cluster.engine}", fix)
    if any(vars(access).values()) and cluster.engine != "kubeflow":
        options = "--api, --existing-token and --iap-client-id are for Kubeflow Pipelines"
        raise GraftError(f"{options}, and the engine of {cluster.name} is {cluster.engine}", "leave them out")
    return STARTERS[cluster.engine]


def _not_stale(fleet: Fleet, rendering: Rendering, where: Declared) -> None:
    folder = f"{where.folder}/{where.pipeline.name}/"
    stale = [file for file in stale_files(fleet, rendering, where.environment.name) if file.startswith(folder)]
    if stale:
        raise Stale(stale, f"run: {COMMAND}, and merge what it writes")


def _manifest(repository: Repository, where: Declared) -> Object:
    """The object of the version that the rendered intent names; GraftError where its steps have no images to run."""
    file = f"{where.folder}/{where.data['file']}"
    text = repository.text(file)
    if UNBUILT in text:
        message = f"{file} names images that nobody has built, so no step could start"
        raise GraftError(message, "graft check says which, and how they are built and listed")
    objects: list[Any] = list(yaml.load_all(text, yaml.CSafeLoader))
    return next(each for each in objects if each["metadata"]["name"] == where.version)


def _on_argo(wanted: Wanted, access: Access, environ: Mapping[str, str]) -> Started:
    """By the server of Argo Workflows where the cluster has one, else by the Kubernetes API."""
    from generators.live import argo

    environment, cluster = wanted.declared.environment, wanted.declared.cluster
    if url := cluster.facts.get("argo_server"):
        from generators.live.argo_server import TOKEN, ServerApi

        token = environ.get(TOKEN) or _token(environment, cluster, environ)
        return argo.start(wanted, ServerApi.of(url, environment.namespace, token))
    context = asking.context_of(kubeconfig.load(environ), environment, cluster)
    return argo.start(wanted, argo.KubernetesApi.of(context, environment.namespace))


def _token(environment: Environment, cluster: Cluster, environ: Mapping[str, str]) -> str:
    """The token that the kubeconfig has for the cluster, "" where it has none."""
    try:
        context = asking.context_of(kubeconfig.load(environ), environment, cluster)
    except Unreached:
        return ""
    return (context.user and context.user.token) or ""


def _on_kubeflow(wanted: Wanted, access: Access, environ: Mapping[str, str]) -> Started:
    from generators.live import kubeflow

    environment, cluster = wanted.declared.environment, wanted.declared.cluster
    reach = kubeflow.facts(engine(cluster.engine).reach(cluster, environment))
    return kubeflow.start(wanted, kubeflow.connect(access, reach, environment.namespace, environ), reach)


STARTERS: dict[str, Starter] = {"argo": _on_argo, "kubeflow": _on_kubeflow}
