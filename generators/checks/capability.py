"""Whether Argo CD and the clusters can take what is rendered for them.

Every kind is provided by its cluster: Kubernetes' own, those of its engine, External Secrets where the environment has
a store. Every object is one that the AppProject of its Application admits; and no project admits a namespace of
another environment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from generators.checks import kinds
from generators.checks.kubernetes.narrowed import CLUSTER_SCOPED
from generators.checks.projects import admits_destination, admits_kind, admits_source
from generators.checks.references import name_of
from generators.checks.sync import group_of
from generators.delivery import serving
from generators.delivery.applications import SETTINGS
from generators.delivery.names import ARGOCD
from generators.engines.registry import engine
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.model import Environment, Finding, Place

Object = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CACHE = "capability"
_ARGO_CD = {("argoproj.io", "Application"), ("argoproj.io", "AppProject")}
_SECRETS = ("external-secrets.io", "ExternalSecret")


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of each environment's Applications, kept until one of its files changes."""
    claimed = {
        (cluster.server, environment.namespace): name
        for name, environment in fleet.environments.items()
        for cluster in environment.clusters
        if cluster.server and engine(cluster.engine).on_kubernetes
    }
    for name, environment in fleet.environments.items():
        tree = {path: text for path, text in rendering.tree.items() if path.startswith(f"{name}/")}
        if not any(path.startswith(f"{name}/{ARGOCD}/") for path in tree):
            continue
        others = {place: owner for place, owner in claimed.items() if owner != name}
        said = json.dumps([sorted(map(list, others)), _provided_by_cluster(environment)], sort_keys=True)
        key = fleet.cache.key(said, *(part for path, text in sorted(tree.items()) for part in (path, text.digest)))
        kept = fleet.cache.get(_CACHE, key)
        if kept is None:
            found = list(_of_environment({path: text.text() for path, text in tree.items()}, environment, others))
            fleet.cache.put(_CACHE, key, [finding.to_record() for finding in found])
        else:
            found = [Finding.from_record(record) for record in kept]
        yield from found


def _provided_by_cluster(environment: Environment) -> dict[str, list[list[str]]]:
    """The groups and kinds beside Kubernetes' own of each cluster."""
    more = [list(_SECRETS)] if environment.secret_store else []
    serves = [[serving.GROUP, serving.KIND]]
    return {
        each.name: [*map(list, engine(each.engine).kinds), *more, *(serves if each.facts.get("kserve") else [])]
        for each in environment.clusters
    }


@dataclass(frozen=True)
class _Application:
    """One Application: where it stands, what it says, the spec of its project, and the objects by their files."""

    file: str
    content: Object
    project: Mapping[str, Any] | None
    objects: Sequence[tuple[str, Object]]

    @property
    def name(self) -> str:
        return self.content["metadata"]["name"]

    @property
    def spec(self) -> Object:
        return self.content["spec"]


def _of_environment(
    texts: Mapping[str, str], environment: Environment, others: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    objects = {path: list(yaml.load_all(text, Loader=_LOADER)) for path, text in texts.items()}
    projects = {
        obj["metadata"]["name"]: (path, obj["spec"])
        for path, each in objects.items()
        for obj in each
        if obj.get("kind") == "AppProject"
    }
    for application in _applications(objects, projects):
        yield from _admitted(application)
        yield from _provided(application, environment)
    for name, (path, spec) in projects.items():
        yield from _of_others(name, path, spec, others)


def _applications(
    objects: Mapping[str, Sequence[Object]], projects: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> Iterator[_Application]:
    for path, each in objects.items():
        for obj in (obj for obj in each if obj.get("kind") == "Application"):
            folder = obj["spec"]["source"]["path"].removeprefix(f"{RENDERED}/")
            held = [
                (file, one)
                for file, every in objects.items()
                if file.rpartition("/")[0] == folder and not file.endswith(f"{ARGOCD}/{SETTINGS}")
                for one in every
                if isinstance(one, dict) and "kind" in one
            ]
            project = projects.get(obj["spec"]["project"])
            yield _Application(path, obj, project and project[1], held)


def _admitted(application: _Application) -> Iterator[Finding]:
    """What the project of an Application refuses: where it comes from, where it goes, and each object."""
    spec, project = application.spec, application.project
    called, into = spec["project"], spec["destination"]
    if project is None:
        yield _finding("project", application.file, f"there is no AppProject {called}", called)
        return
    source, server, namespace = spec["source"]["repoURL"], into.get("server", ""), into.get("namespace", "")
    if not admits_source(project, source):
        yield _finding("source", application.file, f"AppProject {called} does not admit this repository", source)
    if not admits_destination(project, server, namespace):
        where = f"{namespace} of {server}"
        yield _finding("destination", application.file, f"AppProject {called} does not admit where this goes", where)
    for file, obj in application.objects:
        yield from _object(application, file, obj, namespace)


def _object(application: _Application, file: str, obj: Object, into: str) -> Iterator[Finding]:
    name, called = name_of(obj, into), application.spec["project"]
    namespaced = name.kind not in CLUSTER_SCOPED
    if not admits_kind(application.project or {}, name.group, name.kind, name.name, namespaced):
        message = f"AppProject {called} does not admit {name}, so Argo CD applies nothing of {application.name}"
        yield _finding("kind", file, message, f"{name.kind} of {name.group or 'the core group'}")
    server = application.spec["destination"].get("server", "")
    if namespaced and not admits_destination(application.project or {}, server, name.namespace):
        message = f"AppProject {called} does not admit the namespace of {name}"
        yield _finding("namespace", file, message, name.namespace)


def _provided(application: _Application, environment: Environment) -> Iterator[Finding]:
    """Kinds that the cluster of an Application does not have."""
    folder = application.spec["source"]["path"].split("/")
    known = {tuple(kind) for kind in _provided_by_cluster(environment).get(folder[2], [])} if len(folder) > 2 else set()
    known |= _ARGO_CD if folder[-1] == ARGOCD else set()
    for file, obj in application.objects:
        kind, api_version = obj["kind"], obj.get("apiVersion", "")
        if (group_of(obj), kind) not in known and not kinds.is_kubernetes(kind, api_version):
            message = f"nothing in the cluster {folder[2]} provides {kind} of {api_version}"
            yield _finding("provided", file, message, kind, ", ".join(sorted(each for _, each in known)))


def _of_others(
    name: str, file: str, spec: Mapping[str, Any], others: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Namespaces of other environments that a project lets its Applications go to."""
    for (server, namespace), owner in others.items():
        if admits_destination(spec, server, namespace):
            message = f"AppProject {name} admits the namespace {namespace}, which is that of {owner}"
            yield _finding("other-environment", file, message, f"{namespace} of {server}")


def _finding(rule: str, file: str, message: str, found: str, allowed: str = "") -> Finding:
    fix = "change the project in generators/delivery/projects.py, or what is rendered"
    return Finding("invalid", "capability", rule, Place(f"{RENDERED}/{file}"), "", message, found, allowed, fix)
