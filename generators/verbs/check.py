"""`graft check`: every finding of the inputs and of the rendered tree, in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from generators.checks import components, objects, parity
from generators.fleet.cache import CompileCache
from generators.fleet.fleet import Fleet, load
from generators.inventory.read import Repository
from generators.inventory.schema import json_document
from generators.ir.overlay import overlay
from generators.model import Finding, Place
from generators.verbs.render import COMMAND, RENDERED, Manifest, manifests, stale_files, to_files

Objects = dict[str, list[dict[str, Any]]]


def check(repository: Repository) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    fleet = load(repository, CompileCache(repository))
    findings = [*fleet.findings, *components.check(repository)]
    if not any(finding.failing for finding in fleet.findings):
        rendered = manifests(fleet)
        files = _in_rendered(rendered)
        findings += [*objects.check(files, _object_schemas(repository)), *_parity(fleet, files)]
        findings += [_stale(path) for path in stale_files(fleet, to_files(rendered))]
    return findings


def _parity(fleet: Fleet, files: Objects) -> Iterator[Finding]:
    """Whether every pipeline is itself on every cluster of the environments that have one with Argo."""
    folders: dict[str, Objects] = defaultdict(dict)
    for file, found in files.items():
        folders[file.rpartition("/")[0]][file] = found
    for name, environment in fleet.environments.items():
        if all(cluster.engine != "argo" for cluster in environment.clusters):
            continue
        for pipeline in fleet.deployments[name].pipelines:
            definition = fleet.definition(name, pipeline.name)
            for cluster in environment.clusters:
                deployed = folders[f"{RENDERED}/{name}/{cluster.name}/{pipeline.name}"]
                yield from parity.check(deployed, *overlay(definition, environment, cluster, pipeline))


def _in_rendered(rendered: dict[str, Manifest]) -> Objects:
    return {f"{RENDERED}/{path}": manifest.objects for path, manifest in rendered.items()}


def _object_schemas(repository: Repository) -> dict[str, dict[str, Any]]:
    """Kind to schema, of the kinds that are not Kubernetes' own."""
    files = repository.files("schemas/objects/*.schema.json")
    return {file.split("/")[-1].removesuffix(".schema.json"): json_document(repository, file) for file in files}


def _stale(path: str) -> Finding:
    message = "is not what its sources render"
    return Finding("invalid", "rendered", "stale", Place(path), "", message, fix=f"run: {COMMAND}")
