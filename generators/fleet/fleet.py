"""The fleet as its repository describes it: read, merged, checked, compiled; what every verb starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from generators.fleet import consistency, deployments
from generators.fleet.deployments import Deployments, Heads
from generators.inventory import merge, validation
from generators.inventory.read import Repository
from generators.inventory.schema import json_document
from generators.ir import definitions
from generators.ir.compile import Cache, compile_heads
from generators.ir.definitions import Definition
from generators.model import Environment, Finding

NODE_SCHEMA = "schemas/environment.schema.json"
CLASS_SCHEMA = "schemas/base.schema.json"
MERGED_SCHEMA = "schemas/merged/environment.schema.json"


@dataclass(frozen=True)
class Fleet:
    """Every environment with what it deploys, and what is wrong anywhere."""

    repository: Repository
    inventory: merge.Inventory
    environments: dict[str, Environment]
    deployments: dict[str, Deployments]
    input_findings: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once; one that stands in a class names the environments that it was found in."""
        found: dict[Finding, list[str]] = defaultdict(list)
        for name, each in self.deployments.items():
            for finding in each.findings:
                found[finding].append(name)
        deployed = [_named(finding, names) for finding, names in found.items()]
        return tuple(dict.fromkeys((*self.input_findings, *deployed)))

    def findings_of(self, environment: str) -> tuple[Finding, ...]:
        """The findings that concern one environment: its files' and its pipelines'; all, if none is named."""
        if not environment:
            return self.findings
        files = {layer.file for layer in self.inventory.environments[environment].layers}
        mine = [finding for finding in self.input_findings if finding.place.file in files]
        deployed = self.deployments.get(environment)
        return (*mine, *(deployed.findings if deployed else ()))

    def definition(self, environment: str, pipeline: str) -> Definition | None:
        """What an environment runs of a pipeline; None where a finding says why nothing."""
        return self.deployments[environment].definitions.get(pipeline) if environment in self.deployments else None

    @property
    def definition_files(self) -> dict[str, str]:
        """Path below `definitions/` to text, of every definition that an environment runs."""
        in_use = [definition for each in self.deployments.values() for definition in each.definitions.values()]
        return {definition.path.removeprefix(f"{definitions.FOLDER}/"): definition.text for definition in in_use}

    def sources(self, environment: str, pipeline: str = "") -> list[str]:
        """The files of an environment that say something of one pipeline, or of its clusters alone."""
        layers = self.inventory.environments[environment].layers
        return [layer.file for layer in layers if speaks_of(layer.parameters.value, pipeline)]


def load(repository: Repository, cache: Cache) -> Fleet:
    """Read and check a repository whole; what is wrong with one environment does not hide the others."""
    inventory = merge.load(repository)
    schemas = (json_document(repository, file) for file in (NODE_SCHEMA, CLASS_SCHEMA, MERGED_SCHEMA))
    checked = validation.check(inventory, validation.Schemas(*schemas))
    heads = Heads(*compile_heads(repository, deployments.tracked(checked.environments, repository), cache))
    deployed = {
        name: deployments.check(repository, inventory.environments[name], environment, heads)
        for name, environment in checked.environments.items()
    }
    findings = (*checked.findings, *_inconsistencies(inventory, checked))
    return Fleet(repository, inventory, checked.environments, deployed, findings)


def _inconsistencies(inventory: merge.Inventory, checked: validation.Inputs) -> Iterator[Finding]:
    for name, environment in checked.environments.items():
        merged = inventory.environments[name]
        for problem in consistency.problems(environment, checked.documents[name], merged.classes):
            yield validation.placed(problem, merged)
    for name, problem in consistency.shared_places(checked.environments):
        yield validation.placed(problem, inventory.environments[name])


def _named(finding: Finding, environments: list[str]) -> Finding:
    if not finding.place.file.startswith("base/"):
        return finding
    return replace(finding, message=f"{finding.message} (in {', '.join(environments)})")


def speaks_of(parameters: dict[str, Any], pipeline: str) -> bool:
    """Whether a layer says anything that could matter to a pipeline: a class for other pipelines alone does not."""
    if set(parameters) - {"pipelines", "~pipelines"}:
        return True
    said = [node.value for node in parameters.values()]
    return any(not isinstance(value, dict) or pipeline in {key.removeprefix("~") for key in value} for value in said)
