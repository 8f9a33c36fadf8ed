"""The fleet as its repository describes it: read, merged, checked, compiled; what every verb starts from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generators.checks import consistency, fit, inputs
from generators.checks.schema import Problem
from generators.errors import GraftError
from generators.inventory import merge
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.ir.compile import Cache, compile_heads
from generators.ir.definitions import Definition
from generators.model import Environment, Finding, Pipeline
from generators.words import did_you_mean

NODE_SCHEMA = "schemas/environment.schema.json"
CLASS_SCHEMA = "schemas/base.schema.json"
MERGED_SCHEMA = "schemas/merged/environment.schema.json"


@dataclass(frozen=True)
class Fleet:
    """Every environment, the definition of each of its pipelines, and what is wrong anywhere."""

    repository: Repository
    inventory: merge.Inventory
    environments: dict[str, Environment]
    definitions: dict[tuple[str, str], Definition]
    findings: tuple[Finding, ...]

    @property
    def definition_files(self) -> dict[str, str]:
        """Path below `definitions/` to text, of every definition that an environment runs."""
        in_use = {definition.path: definition.text for definition in self.definitions.values()}
        return {path.removeprefix(f"{definitions.FOLDER}/"): text for path, text in in_use.items()}

    def sources(self, environment: str, pipeline: str = "") -> list[str]:
        """The files of an environment that say something of one pipeline, or of its clusters alone."""
        layers = self.inventory.environments[environment].layers
        return [layer.file for layer in layers if _speaks_of(layer.parameters.value, pipeline)]

    def findings_of(self, environment: str) -> list[Finding]:
        """The findings that concern one environment, by the files that it is merged from; all, if none is named."""
        if not environment:
            return list(self.findings)
        files = {layer.file for layer in self.inventory.environments[environment].layers}
        return [found for found in self.findings if found.place.file in files or not _of_inventory(found.place.file)]


def load(repository: Repository, cache: Cache) -> Fleet:
    """Read and check a repository whole; what is wrong with one environment does not hide the others."""
    inventory = merge.load(repository)
    schemas = inputs.Schemas(*(_schema(repository, file) for file in (NODE_SCHEMA, CLASS_SCHEMA, MERGED_SCHEMA)))
    checked = inputs.check(inventory, schemas)
    heads, findings = compile_heads(repository, _tracked(checked.environments), cache)
    fleet = Fleet(repository, inventory, checked.environments, {}, ())
    chosen: dict[tuple[str, str], Definition] = {}
    for name, environment in checked.environments.items():
        found, problems = _definitions(fleet, environment, heads)
        chosen |= {(name, pipeline): definition for pipeline, definition in found.items()}
        findings += [*problems, *_misfits(fleet, environment, found)]
    return Fleet(repository, inventory, checked.environments, chosen, (*checked.findings, *findings))


def _schema(repository: Repository, file: str) -> dict[str, Any]:
    if not repository.exists(file):
        raise GraftError(f"the schema {file} is missing, so nothing could be checked", "restore it from Git")
    return json.loads(repository.text(file))


def _tracked(environments: dict[str, Environment]) -> list[str]:
    """The pipelines that some environment follows at head."""
    deployed = (pipeline for environment in environments.values() for pipeline in environment.pipelines)
    return sorted({pipeline.name for pipeline in deployed if not pipeline.definition})


def _definitions(
    fleet: Fleet, environment: Environment, heads: dict[str, Definition]
) -> tuple[dict[str, Definition], list[Finding]]:
    """The definition of each pipeline of an environment, by the pipeline's name."""
    found, findings = {}, []
    for pipeline in environment.pipelines:
        if not pipeline.definition:
            found |= {pipeline.name: heads[pipeline.name]} if pipeline.name in heads else {}
            continue
        pinned = _pinned(fleet.repository, pipeline, heads.get(pipeline.name))
        if isinstance(pinned, Definition):
            found[pipeline.name] = pinned
        else:
            findings.append(inputs.placed(pinned, fleet.inventory.environments[environment.name], "ir"))
    return found, findings


def _pinned(repository: Repository, pipeline: Pipeline, head: Definition | None) -> Definition | Problem:
    """The definition that a pipeline is pinned to, committed or the head itself, or why it cannot be had."""
    if head and head.hash == pipeline.definition:
        return head
    path = definitions.path_of(pipeline.name, pipeline.definition)
    at = ("pipelines", pipeline.name, "definition")
    folder = f"{definitions.FOLDER}/{pipeline.name}"
    if not repository.exists(path):
        known = {file.removeprefix(f"{folder}/").removesuffix(".json") for file in repository.files(f"{folder}/*.json")}
        known |= {head.hash} if head else set()
        message = f"there is no definition {path}"
        fix = did_you_mean(pipeline.definition, known) or "write one that is allowed, or track: head"
        return Problem(at, "definition", message, pipeline.definition, ", ".join(sorted(known)), fix)
    text = repository.text(path)
    if definitions.hash_of_text(text) != pipeline.definition:
        message = f"{path} has been changed: its content no longer has the hash that its name says"
        changed, fix = definitions.hash_of_text(text), f"restore it: git checkout -- {path}"
        return Problem(at, "definition", message, changed, pipeline.definition, fix)
    return definitions.from_text(pipeline.name, text)


def _misfits(fleet: Fleet, environment: Environment, found: dict[str, Definition]) -> Iterator[Finding]:
    merged = fleet.inventory.environments[environment.name]
    used, tracking = set(), set()
    for pipeline in environment.pipelines:
        if definition := found.get(pipeline.name):
            tightened = _tightened(fleet.repository, pipeline.name)
            for problem in fit.problems(environment, pipeline, definition, tightened):
                yield inputs.placed(problem, merged, "schema" if "parameter" in problem.rule else "ir")
            used |= fit.images_of(pipeline, definition)
            tracking |= set() if pipeline.definition else fit.images_of(pipeline, definition)
    if len(found) == len(environment.pipelines):
        for problem in consistency.unused_images(environment, used):
            yield inputs.placed(problem, merged, "schema")
    for accepted, problem in consistency.unbuilt_images(environment):
        yield inputs.placed(problem, merged, "schema", "warning" if accepted else "invalid")
    for problem in consistency.stale_images(environment, _component_hashes(fleet.repository, tracking), tracking):
        yield inputs.placed(problem, merged, "schema")


def _tightened(repository: Repository, pipeline: str) -> dict[str, Any] | None:
    file = f"schemas/parameters/{pipeline}.schema.json"
    return json.loads(repository.text(file)) if repository.exists(file) else None


def _component_hashes(repository: Repository, images: set[str]) -> dict[str, str]:
    """Component to the hash of its folder as it is now, for images that are components of this repository."""
    folders = {image: f"components/{image.replace('-', '_')}" for image in images}
    return {image: repository.source(folder) for image, folder in folders.items() if repository.exists(folder)}


def _of_inventory(file: str) -> bool:
    return file.startswith(("base/", "environments/"))


def _speaks_of(parameters: dict[str, Any], pipeline: str) -> bool:
    """Whether a layer says anything that could matter to a pipeline: a class for other pipelines alone does not."""
    if set(parameters) - {"pipelines", "~pipelines"}:
        return True
    named = {key for node in parameters.values() for key in node.value}
    return pipeline in named
