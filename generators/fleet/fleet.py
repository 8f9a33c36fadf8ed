"""The fleet as its repository describes it: read, merged, checked, resolved; what every verb starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from generators.delivery.policies import FOLDER as POLICIES
from generators.delivery.policies import Policies
from generators.engines.engine import Unsupported
from generators.fleet import environments as described
from generators.fleet import operations, resolution
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments
from generators.fleet.resolution import Heads, Resolution
from generators.inventory.explain import place_of
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.inventory.validation import told_once
from generators.ir import definitions
from generators.ir.compile import compile_heads
from generators.ir.definitions import Definition
from generators.model import Environment, Finding, Place


@dataclass(frozen=True)
class Fleet:
    """Every environment with what it runs of each pipeline, and what is wrong anywhere."""

    repository: Repository
    cache: Cache
    files: Environments
    resolutions: dict[str, Resolution]

    @cached_property
    def environments(self) -> dict[str, Environment]:
        """The environments by name, their pipelines as they are deployed."""
        return {
            name: replace(each.environment, pipelines=self.resolutions[name].pipelines)
            for name, each in self.files.described.items()
        }

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once; one that stands in a class names the environments that it was found in."""
        resolved = named((name, finding) for name, each in self.resolutions.items() for finding in each.findings)
        described = [finding for each in self.files.described.values() for finding in each.findings]
        return tuple(told_once((*self.files.findings, *described, *resolved)))

    def unbuilt(self, only: str = "") -> tuple[Finding, ...]:
        """The findings of images that were never built, in every environment, or in one, whose files are in order."""
        wanted = [name for name, each in self.files.described.items() if each.sound and only in ("", name)]
        return tuple(named((name, finding) for name in wanted for finding in self.resolutions[name].unbuilt))

    def findings_of(self, environment: str) -> tuple[Finding, ...]:
        """The findings that concern one environment: its files' and its pipelines'; all, if none is named."""
        if not environment:
            return self.findings
        files = {layer.file for layer in self.files.merged(environment).layers}
        described = [finding for each in self.files.described.values() for finding in each.findings]
        mine = [finding for finding in (*self.files.findings, *described) if finding.place.file in files]
        resolved = self.resolutions[environment].findings if environment in self.resolutions else ()
        return tuple(told_once((*mine, *named((environment, finding) for finding in resolved))))

    def renderable(self, only: str = "") -> list[str]:
        """The environments, or the one asked for, that nothing is wrong with."""
        return [
            name
            for name in self.environments
            if only in ("", name) and not any(finding.failing for finding in self._own(name))
        ]

    def definition(self, environment: str, pipeline: str) -> Definition | None:
        """What an environment runs of a pipeline; None where a finding says why nothing."""
        return self.resolutions[environment].definitions.get(pipeline) if environment in self.resolutions else None

    def operations_image(self, environment: str) -> str:
        """Where the image of the component `operations` is pulled from, in an environment that is delivered."""
        return operations.image(self.environments[environment], self.repository)

    @cached_property
    def policies(self) -> Policies:
        """The policies of the repository."""
        return Policies.of({file: self.repository.text(file) for file in self.repository.files(f"{POLICIES}/*.yaml")})

    @property
    def definition_files(self) -> dict[str, str]:
        """Path below `definitions/` to text, of every definition that an environment runs."""
        in_use = [definition for each in self.resolutions.values() for definition in each.definitions.values()]
        return {definition.path.removeprefix(f"{definitions.FOLDER}/"): definition.text for definition in in_use}

    def sources(self, environment: str, pipeline: str = "") -> list[str]:
        """The files of an environment that say something of one pipeline, or of its clusters alone."""
        return [layer.file for layer in self.files.described[environment].layers if layer.concerns(pipeline)]

    def placed(self, environment: str, pipeline: str, problem: Unsupported) -> Finding:
        """What an engine cannot run, at the line of the environment's files that asks for it, or at the pipeline's."""
        path = ("pipelines", pipeline, "steps", problem.step, *problem.setting) if problem.step else problem.setting
        asked = bool(problem.setting) and self._sets(environment, path)
        definition = self.definition(environment, pipeline)
        place = place_of(self.files.merged(environment), path) if asked else Place(*definition.line_of(problem.step))
        found = Problem(path, problem.rule, problem.message, problem.found, problem.allowed, problem.fix, "capability")
        finding = found.at(place, problem.verdict)
        return finding if asked else replace(finding, path=problem.step)

    def _sets(self, environment: str, path: KeyPath) -> bool:
        """Whether some file of an environment sets a value."""
        return any(origin.used for origin in self.files.merged(environment).trace.origins(path))

    def _own(self, environment: str) -> Iterator[Finding]:
        """The findings of an environment's files and pipelines, without looking any file up."""
        files = {layer.file for layer in self.files.described[environment].layers}
        yield from (finding for finding in self.findings if finding.place.file in files)
        yield from self.resolutions[environment].findings


def load(repository: Repository, cache: Cache) -> Fleet:
    """Read and check a repository whole; what is wrong with one environment does not hide the others."""
    found = described.load(repository, cache)
    known = {name: each.environment for name, each in found.described.items()}
    heads = Heads(*compile_heads(repository, resolution.tracked(known, repository), cache))
    resolved = {name: resolution.resolve(found, name, heads, cache) for name in known}
    return Fleet(repository, cache, found, resolved)


def named(found: Iterable[tuple[str, Finding]]) -> list[Finding]:
    """Findings of environments, each once; one that stands in a class names those that it was found in."""
    environments: dict[Finding, list[str]] = defaultdict(list)
    for name, finding in found:
        environments[finding].append(name)
    return [
        replace(finding, message=f"{finding.message} (in {', '.join(dict.fromkeys(names))})")
        if finding.place.file.startswith("base/")
        else finding
        for finding, names in environments.items()
    ]
