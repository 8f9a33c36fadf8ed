"""Every environment as its files describe it: read, merged and checked again only where one of its files has changed.

What is kept of an environment is kept only where nothing is wrong with it, so a mistake is looked up in the files each
time that it is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from generators.engines.registry import FACTS
from generators.errors import GraftError
from generators.fleet import consistency, deliverable, git, sharing
from generators.fleet.cache import Cache
from generators.inventory import merge, schemas, validation
from generators.inventory.environments import environment_from
from generators.inventory.paths import KeyPath, parse_path
from generators.inventory.read import Document, Repository, find, plain
from generators.inventory.recovery.document import NO_GUESSES, Guesses, follows_from, is_about_a_guess
from generators.model import Environment, Finding
from generators.suggestions import did_you_mean, nearest

_KIND = "environment"


@dataclass(frozen=True)
class Layer:
    """A file of an environment, and the pipelines that it speaks of; None where what it says concerns all of them."""

    file: str
    about: tuple[str, ...] | None

    def concerns(self, pipeline: str) -> bool:
        """Whether it says anything that could matter to a pipeline, or with "" to the clusters themselves."""
        return self.about is None or pipeline in self.about


@dataclass(frozen=True)
class LoadedEnvironment:
    """One environment: what it was merged into, the classes that it lists, and its files in the order of merging.

    `guesses` are the paths of what was put in or left out, where it is not sound, to find what else is wrong.
    """

    environment: Environment
    document: Mapping[str, Any]
    classes: tuple[str, ...]
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...] = ()
    sound: bool = True
    guesses: Guesses = NO_GUESSES


@dataclass
class Environments:
    """The environments of a repository by name, and what is wrong with their files.

    `inventory` reads and merges the files of one of them, for the place of a value; it is done once.
    """

    repository: Repository
    described: dict[str, LoadedEnvironment]
    findings: tuple[Finding, ...]
    _merged: dict[str, merge.Inventory] = field(default_factory=dict)

    def inventory(self, name: str) -> merge.Inventory:
        """The files of one environment."""
        if name not in self._merged:
            self._merged[name] = merge.load(self.repository, [file_of(name)])
        return self._merged[name]

    def merged(self, name: str) -> merge.Environment:
        """One environment with its layers, in which each value has its place."""
        return self.inventory(name).environments[name]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(map(name_of, self.repository.files("environments/*.yml")))

    @cached_property
    def revisions(self) -> str:
        """What Git's branches and tags are at."""
        return git.revisions(self.repository)

    def require(self, name: str) -> None:
        """Raise GraftError, with the nearest, where there is no environment of that name."""
        if name not in self.names:
            fix = did_you_mean(name, self.names) or f"write {file_of(name)}"
            raise GraftError(f"there is no environment {name}; there are: {', '.join(self.names) or 'none'}", fix)


def load(repository: Repository, cache: Cache) -> Environments:
    """Every environment of the repository; what is wrong with one does not hide the others."""
    files, findings = repository.files("environments/*.yml"), merge.misnamed(repository)
    keys = {} if findings else {file: _key(repository, file, cache) for file in files}
    inventory: merge.Inventory | None = None
    kept = {file: _from_record(name_of(file), cache.get(_KIND, key)) for file, key in keys.items()}
    described = {file: found for file, found in kept.items() if found}
    if changed := [file for file in files if file not in described]:
        inventory = merge.load(repository, changed)
        fresh, wrong = _loaded(repository, inventory)
        described, findings = described | fresh, [*findings, *wrong]
        for file in fresh.keys() & keys.keys():
            if fresh[file].sound and _key(repository, file, cache) == keys[file]:  # or other content may have been read
                cache.put(_KIND, keys[file], _record(fresh[file]))
    findings += _unlisted(repository, described.values())
    known = {name_of(file): described[file] for file in files if file in described}
    merged = dict.fromkeys(map(name_of, changed), inventory)
    environments = Environments(repository, known, tuple(dict.fromkeys(findings)), merged)
    environments.findings += tuple(_claims(environments))
    return environments


def file_of(name: str) -> str:
    return f"environments/{name}.yml"


def name_of(file: str) -> str:
    return file.removeprefix("environments/").removesuffix(".yml")


def speaks_of(parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The pipelines that a layer says something of, None where what it says concerns them all."""
    if set(parameters) - {"pipelines", "~pipelines"}:
        return None
    said = [node.value for node in parameters.values()]
    if not all(isinstance(value, dict) for value in said):
        return None
    return tuple(sorted({key.removeprefix("~") for value in said for key in value}))


def _key(repository: Repository, file: str, cache: Cache) -> str:
    """What an environment depends on: its own file, the classes, and the schemas."""
    shared = (*repository.files("base/**/*.yml"), *schemas.FILES)
    return cache.key(*(part for each in (file, *shared) for part in (each, repository.sha256(each))))


def _loaded(repository: Repository, inventory: merge.Inventory) -> tuple[dict[str, LoadedEnvironment], list[Finding]]:
    """Its environments as far as they can be made out, by their files, and what is wrong with them."""
    checked = validation.check(inventory, _schemas(repository))
    found, findings = {}, list(checked.findings)
    for name, environment in checked.environments.items():
        merged, document = inventory.environments[name], checked.documents[name]
        guesses, own = checked.guesses[name], inventory.documents[merged.file]
        listed = find(own.root, ("classes",))
        if any(_lost(inventory.documents[layer.file], findings) for layer in merged.layers):
            guesses += (("pipelines",),)
        said = plain(merged.layers[-1].parameters).get("pipelines")
        problems = consistency.problems(environment, document, merged.classes, said if isinstance(said, dict) else {})
        findings += [
            problem.at(listed.entry_place)
            if problem.rule == consistency.NOT_DEPLOYED
            else validation.placed(problem, merged)
            for problem in problems
            if not (follows_from(problem, guesses) or (problem.rule in consistency.FROM_CLASSES and not listed))
        ]
        # Everything that the class would say is left out, which makes nothing of what the file says itself a guess.
        guesses += tuple((*problem.path, "*", "*") for problem in problems if problem.rule == consistency.NO_CLASS)
        layers = tuple(Layer(layer.file, speaks_of(layer.parameters.value)) for layer in merged.layers)
        found[file_of(name)] = LoadedEnvironment(environment, document, merged.classes, layers, guesses=guesses)
    findings = [_with_hashes(finding, repository) for finding in findings]
    return {file: _judged(described, findings) for file, described in found.items()}, findings


def _lost(document: Document, findings: Iterable[Finding]) -> bool:
    """Whether all that a file says is lost, since the key of its parameters is misspelt."""
    wrong = any(each.rule == "unknown-key" and each.place.file == document.file for each in findings)
    return wrong and not find(document.root, ("parameters",))


def _with_hashes(finding: Finding, repository: Repository) -> Finding:
    """What is no hash of a definition, with those that there are in place of an example."""
    path = parse_path(finding.path)
    if path[:1] != ("pipelines",) or path[2:] != ("definition",) or finding.rule not in ("pattern", "type"):
        return finding
    known = [PurePosixPath(file).stem for file in repository.files(f"definitions/{path[1]}/*.json")]
    word = re.sub(r"[^0-9a-f]", "", finding.found.lower())
    meant = next((hash_ for hash_ in known if word and hash_.startswith(word)), None) or nearest(word, known)
    if not known or (finding.rule == "type" and not meant):
        return finding
    return replace(
        finding, allowed=", ".join(known), fix=f'write "{meant}"' if meant else "write one of them, in quotes"
    )


def _judged(described: LoadedEnvironment, findings: Iterable[Finding]) -> LoadedEnvironment:
    """An environment with the findings of its files: the warnings go along with what is kept of it."""
    files = {layer.file for layer in described.layers}
    own = [finding for finding in findings if finding.place.file in files]
    return replace(described, findings=tuple(own), sound=not any(finding.failing for finding in own))


def _unlisted(repository: Repository, described: Iterable[LoadedEnvironment]) -> Iterator[Finding]:
    """The findings of classes that no environment lists."""
    listed = {layer.file for each in described for layer in each.layers}
    if files := [file for file in repository.files("base/**/*.yml") if file not in listed]:
        documents = [repository.document(file) for file in files]
        yield from (finding for document in documents for finding in document.findings)
        yield from validation.as_written(documents, _schemas(repository))


def _schemas(repository: Repository) -> schemas.Schemas:
    return schemas.load(repository, FACTS)


def _claims(environments: Environments) -> Iterator[Finding]:
    described = environments.described
    known = {name: each.environment for name, each in described.items()}

    def is_known(name: str, path: KeyPath) -> bool:
        return not is_about_a_guess(path, "", described[name].guesses)

    applications = ((name, problem) for name, problem in deliverable.shared(known) if is_known(name, problem.path))
    for name, problem in (*sharing.problems(known, is_known), *applications):
        yield validation.placed(problem, environments.merged(name))


def _record(described: LoadedEnvironment) -> dict[str, Any]:
    return {
        "document": described.document,
        "classes": described.classes,
        "layers": [[layer.file, layer.about] for layer in described.layers],
        "findings": [finding.to_record() for finding in described.findings],
    }


def _from_record(name: str, record: Any) -> LoadedEnvironment | None:
    if record is None:
        return None
    layers = tuple(Layer(file, None if about is None else tuple(about)) for file, about in record["layers"])
    findings = tuple(map(Finding.from_record, record["findings"]))
    environment = environment_from(name, record["document"])
    return LoadedEnvironment(environment, record["document"], tuple(record["classes"]), layers, findings)
