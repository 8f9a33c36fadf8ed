"""`graft render`: from a checked fleet to the files of `definitions/` and `rendered/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from generators.delivery import platform
from generators.engines import argo, kubeflow, local
from generators.errors import Refused, Stale
from generators.fleet.cache import CompileCache
from generators.fleet.fleet import Fleet, load
from generators.inventory.read import Repository
from generators.ir.definitions import FOLDER as DEFINITIONS
from generators.ir.overlay import overlay
from generators.model import Cluster, Environment, Finding
from generators.output import report, write
from generators.output.emit import to_yaml

RENDERED = "rendered"
COMMAND = "graft render"
_ENGINES = {"kubeflow": kubeflow.render, "argo": argo.render, "local": local.render}

Files = dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """A rendered file before it is text: its objects, and the lines of its header."""

    objects: list[dict[str, Any]]
    header: list[str]


@dataclass(frozen=True)
class Outcome:
    """What a render did: one line a cluster, the files written and removed, and the warnings that remain."""

    clusters: tuple[str, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    warnings: tuple[Finding, ...] = field(default=())

    def to_text(self) -> str:
        changes = [f"  wrote    {path}" for path in self.written] + [f"  removed  {path}" for path in self.removed]
        counts = f"{len(self.written)} written, {len(self.removed)} removed, {self.unchanged} unchanged"
        warned = [report.one(finding) for finding in report.in_order(self.warnings)]
        return "\n".join([*warned, *self.clusters, *changes, counts])

    def to_json(self) -> str:
        changes = {"written": self.written, "removed": self.removed, "unchanged": self.unchanged}
        warnings = json.loads(report.to_json(self.warnings))["findings"]
        return json.dumps(changes | {"clusters": self.clusters, "warnings": warnings}, indent=2)


def render(repository: Repository, only: str = "") -> Outcome:
    """Write what the fleet, or one environment of it, should be; Refused where its sources have findings."""
    fleet = accepted(repository, only)
    tree = rendered_files(fleet, only)
    in_scope = _scope(only)
    done = write.write_trees(
        repository.root, {RENDERED: tree}, store={DEFINITIONS: fleet.definition_files}, scope=in_scope
    )
    warnings = tuple(finding for finding in fleet.findings if not finding.failing)
    return Outcome(tuple(cluster_lines(fleet, only)), done.written, done.removed, done.unchanged, warnings)


def check(repository: Repository, only: str = "") -> Outcome:
    """Compare the files on disk with what their sources render; Stale where they differ."""
    fleet = accepted(repository, only)
    tree = rendered_files(fleet, only)
    stale = stale_files(fleet, tree, only)
    if stale:
        raise Stale(stale, f"run: {COMMAND}{f' --env {only}' if only else ''}")
    return Outcome(tuple(cluster_lines(fleet, only)), (), (), len(tree) + len(fleet.definition_files))


def stale_files(fleet: Fleet, tree: Files, only: str = "") -> list[str]:
    """The machine-written files that are missing, differ, or that nothing renders any more."""
    root, in_scope = fleet.repository.root, _scope(only)
    found = []
    for folder, wanted in ((RENDERED, tree), (DEFINITIONS, fleet.definition_files)):
        differs = write.difference(root / folder, wanted, lambda path, folder=folder: in_scope(f"{folder}/{path}"))
        found += [f"{folder}/{path}" for path in differs.paths]
    return sorted(found)


def rendered_environment(repository: Repository, name: str) -> Files:
    """The rendered files of one environment, by their path below its folder."""
    tree = rendered_files(accepted(repository, name), name)
    return {path.removeprefix(f"{name}/"): text for path, text in tree.items()}


def rendered_files(fleet: Fleet, only: str = "") -> Files:
    """Path below `rendered/` to text, of every environment or of one."""
    return to_files(manifests(fleet, only))


def to_files(rendered: dict[str, Manifest]) -> Files:
    """The text of every manifest, by the same path."""
    return {path: to_yaml(manifest.objects, manifest.header) for path, manifest in rendered.items()}


def manifests(fleet: Fleet, only: str = "") -> dict[str, Manifest]:
    """Path below `rendered/` to what stands there, of every environment or of one."""
    return {
        f"{environment.name}/{cluster.name}/{path}": manifest
        for environment in _environments(fleet, only)
        for cluster in environment.clusters
        for path, manifest in _cluster_manifests(fleet, environment, cluster)
    }


def _cluster_manifests(fleet: Fleet, environment: Environment, cluster: Cluster) -> Iterator[tuple[str, Manifest]]:
    header = _header(fleet.sources(environment.name))
    for name, objects in platform.render(environment, cluster).items():
        yield f"platform/{name}", Manifest(objects, header)
    engine = _ENGINES[cluster.engine]
    for pipeline in fleet.deployments[environment.name].pipelines:
        definition = fleet.definition(environment.name, pipeline.name)
        overlaid = overlay(definition, environment, cluster, pipeline)
        header = _header([*fleet.sources(environment.name, pipeline.name), definition.path])
        for name, objects in engine(definition, environment, cluster, *overlaid).items():
            yield f"{pipeline.name}/{name}", Manifest(objects, header)


def _header(sources: list[str]) -> list[str]:
    return [f"Made by `{COMMAND}`; do not edit. Sources:", *(f"  {source}" for source in sources)]


def accepted(repository: Repository, only: str) -> Fleet:
    """The fleet, if nothing that will be rendered has a finding that forbids it."""
    fleet = load(repository, CompileCache(repository))
    if only:
        fleet.inventory.environment(only)  # raises where there is none
    failing = [finding for finding in fleet.findings_of(only) if finding.failing]
    if failing:
        raise Refused(failing)
    return fleet


def _environments(fleet: Fleet, only: str) -> list[Environment]:
    return [environment for name, environment in fleet.environments.items() if only in ("", name)]


def _scope(only: str) -> Callable[[str], bool]:
    """What a render may remove: with one environment only, nothing outside its folder."""
    return (lambda path: path.startswith(f"{RENDERED}/{only}/")) if only else write.everything


def cluster_lines(fleet: Fleet, only: str = "") -> Iterator[str]:
    """A line for every cluster: its folder, how many files are in it, and what runs there."""
    for environment in _environments(fleet, only):
        for cluster in environment.clusters:
            folder = f"{RENDERED}/{environment.name}/{cluster.name}/"
            count = len(fleet.repository.files(f"{folder}**/*.yaml"))
            files = f"{count} file{'s' if count != 1 else ''}"
            yield f"{folder:<30} {cluster.engine:<9} {files:<8} {_deployed(fleet, environment)}"


def _deployed(fleet: Fleet, environment: Environment) -> str:
    found = {each.name: fleet.definition(environment.name, each.name) for each in environment.pipelines}
    return ", ".join(f"{name} {each.hash}" if each else f"{name} (see graft check)" for name, each in found.items())
