"""`graft check`: every finding of the inputs and of the rendered tree, in one pass."""

from __future__ import annotations

from typing import Any

from generators.checks import components, objects
from generators.checks.schema import json_document
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.verbs.cache import CompileCache
from generators.verbs.fleet import load
from generators.verbs.render import COMMAND, RENDERED, Manifest, manifests, stale_files, to_files


def check(repository: Repository) -> list[Finding]:
    """The findings of a repository; the rendered tree is compared once its sources are in order."""
    fleet = load(repository, CompileCache(repository))
    findings = [*fleet.findings, *components.check(repository)]
    if not any(finding.failing for finding in fleet.findings):
        rendered = manifests(fleet)
        findings += objects.check(_in_rendered(rendered), _object_schemas(repository))
        findings += [_stale(path) for path in stale_files(fleet, to_files(rendered))]
    return findings


def _in_rendered(rendered: dict[str, Manifest]) -> dict[str, list[dict[str, Any]]]:
    return {f"{RENDERED}/{path}": manifest.objects for path, manifest in rendered.items()}


def _object_schemas(repository: Repository) -> dict[str, dict[str, Any]]:
    """Kind to schema, of the kinds that are not Kubernetes' own."""
    files = repository.files("schemas/objects/*.schema.json")
    return {file.split("/")[-1].removesuffix(".schema.json"): json_document(repository, file) for file in files}


def _stale(path: str) -> Finding:
    message = "is not what its sources render"
    return Finding("invalid", "rendered", "stale", Place(path), "", message, fix=f"run: {COMMAND}")
