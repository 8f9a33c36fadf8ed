"""Which definition an environment runs of each pipeline, and whether all that it says of them fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Any

from generators.errors import GraftError, Unreadable
from generators.fleet import capacity, compatibility, git, images, operations, renamed, reserved
from generators.fleet.cache import Cache
from generators.fleet.environments import Environments
from generators.inventory import merge
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from generators.inventory.recovery.document import NO_GUESSES, Guesses, follows_from
from generators.inventory.validation import placed
from generators.ir import authored, definitions, validate
from generators.ir.compile import module_of
from generators.ir.definitions import Definition
from generators.ir.steps import steps
from generators.model import Environment, Finding, Pipeline, Place
from generators.suggestions import did_you_mean

_KIND, _SOUND = "resolution", "sound-definition"


@dataclass(frozen=True)
class Resolution:
    """What an environment runs of each pipeline, as far as that can be said, and the findings of all of them.

    `unbuilt` are those of images that were never built: they are rendered all the same, with a placeholder.
    """

    definitions: dict[str, Definition]
    pipelines: tuple[Pipeline, ...]
    findings: tuple[Finding, ...]
    unbuilt: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Heads:
    """The pipelines as their code stands now: definitions, and for those that do not compile what is wrong."""

    definitions: Mapping[str, Definition]
    findings: Mapping[str, Sequence[Finding]]


def tracked(environments: Mapping[str, Environment], repository: Repository) -> list[str]:
    """The pipelines that some environment follows at head and that there is code for."""
    deployed = (pipeline for environment in environments.values() for pipeline in environment.pipelines)
    names = {pipeline.name for pipeline in deployed if not pipeline.definition}
    return sorted(name for name in names if repository.exists(module_of(name)))


def resolve(environments: Environments, name: str, heads: Heads, cache: Cache) -> Resolution:
    """Everything about the pipelines of one environment, looked up again only where something of it has changed."""
    repository, described = environments.repository, environments.described[name]
    if not described.sound:
        return _resolved(repository, environments.merged(name), described.environment, heads, cache, described.guesses)
    key = _key(environments, name, heads, cache)
    found = _from_record(repository, described.environment, heads, cache.get(_KIND, key))
    if found is None:
        found = _resolved(repository, environments.merged(name), described.environment, heads, cache)
        sound = not any(finding.failing for finding in found.findings)
        if sound and _key(environments, name, heads, cache) == key:  # or other content may have been read
            cache.put(_KIND, key, _record(found))
    return found


def _key(environments: Environments, name: str, heads: Heads, cache: Cache) -> str:
    """All that decides what an environment runs, whether it fits, and at which lines of its files that is said."""
    repository, described = environments.repository, environments.described[name]
    files = [part for layer in described.layers for part in (layer.file, repository.sha256(layer.file))]
    history = environments.revisions if _is_behind(described.environment, heads) else ""
    depends_on = json.dumps(_depends_on(repository, described.environment, heads), sort_keys=True)
    return cache.key(name, depends_on, history, *files)


def _is_behind(environment: Environment, heads: Heads) -> bool:
    """Whether it runs a definition that is not the head, of which a finding may name the commit."""
    pinned = (pipeline for pipeline in environment.pipelines if pipeline.definition)
    found = ((pipeline.definition, heads.definitions.get(pipeline.name)) for pipeline in pinned)
    return any(head is None or head.hash != hash_ for hash_, head in found)


def _depends_on(repository: Repository, environment: Environment, heads: Heads) -> dict[str, list[str]]:
    """Pipeline to all that decides beside the environment's files what it runs, and whether that fits."""
    found = {}
    for pipeline in environment.pipelines:
        head = heads.definitions.get(pipeline.name)
        files = [definitions.path_of(pipeline.name, pipeline.definition), compatibility.schema_of(pipeline.name)]
        hashes = [repository.sha256(file) if repository.exists(file) else "" for file in files]
        found[pipeline.name] = [head.hash if head else "", *hashes]
    return found | {"": [operations.source(environment, repository)]}


def _record(found: Resolution) -> dict[str, Any]:
    return {
        "definitions": {name: definition.hash for name, definition in found.definitions.items()},
        "kept": {each.name: [sorted(each.parameters), sorted(each.steps)] for each in found.pipelines},
        "findings": [finding.to_record() for finding in found.findings],
        "unbuilt": [finding.to_record() for finding in found.unbuilt],
    }


def _from_record(repository: Repository, environment: Environment, heads: Heads, record: Any) -> Resolution | None:
    if record is None:
        return None
    found, pipelines = {}, []
    for pipeline in environment.pipelines:
        head, hash_ = heads.definitions.get(pipeline.name), record["definitions"][pipeline.name]
        path = definitions.path_of(pipeline.name, hash_)
        known = head if head and head.hash == hash_ else Definition(pipeline.name, repository.text(path))
        found[pipeline.name] = known
        pipelines.append(_only(pipeline, *record["kept"][pipeline.name]))
    findings, unbuilt = (tuple(map(Finding.from_record, record[kind])) for kind in ("findings", "unbuilt"))
    return Resolution(found, tuple(pipelines), findings, unbuilt)


def _only(pipeline: Pipeline, parameters: Sequence[str], wanted: Sequence[str]) -> Pipeline:
    return replace(
        pipeline,
        parameters={name: value for name, value in pipeline.parameters.items() if name in parameters},
        steps={path: step for path, step in pipeline.steps.items() if path in wanted},
    )


def _resolved(
    repository: Repository,
    merged: merge.Environment,
    environment: Environment,
    heads: Heads,
    cache: Cache,
    guesses: Guesses = NO_GUESSES,
) -> Resolution:
    """What the files say; nothing is said of what was put in or left out of them, at `guesses`."""
    found: dict[str, Definition] = {}
    findings: list[Finding] = []
    for pipeline in environment.pipelines:
        definition = _definition(repository, pipeline, heads)
        if isinstance(definition, Definition):
            broken = _broken(definition, cache)
            found |= {} if broken else {pipeline.name: definition}
            findings += broken
        else:
            findings += _placed([definition], merged, guesses) if isinstance(definition, Problem) else definition
    deployed = tuple(_known(pipeline, found, heads, merged) for pipeline in environment.pipelines)
    said, environment = environment.pipelines, replace(environment, pipelines=deployed)
    findings += _placed(_incompatibilities(repository, environment, found), merged, guesses)
    for pipeline in environment.pipelines:
        if definition := found.get(pipeline.name):
            waiting = capacity.warnings(environment, pipeline, definition)
            findings += _placed(waiting, merged, guesses, "warning")
    for before, pipeline in zip(said, deployed, strict=True):
        head, definition = heads.definitions.get(pipeline.name), found.get(pipeline.name)
        if pipeline.definition and head and definition:
            findings += _placed(renamed.warnings(before, pipeline, definition, head), merged, guesses, "warning")
    if len(found) == len(environment.pipelines):
        findings += _placed(images.unused(environment, found), merged, guesses)
    return Resolution(found, deployed, tuple(findings), tuple(_unbuilt(repository, merged, environment, found, heads)))


def _placed(
    problems: Iterable[Problem], merged: merge.Environment, guesses: Guesses, verdict: str = "invalid"
) -> list[Finding]:
    return [placed(each, merged, verdict) for each in problems if not follows_from(each, guesses)]


def _broken(definition: Definition, cache: Cache) -> list[Finding]:
    """What is wrong with a definition by itself, at its line in its own file, or of the code that it is made of."""
    key = cache.key(definition.pipeline, definition.digest)
    if cache.get(_SOUND, key):
        return []
    problems = validate.problems(definition.spec, definition.platform)
    taken = [] if problems else _taken(definition)
    if not problems and not taken:
        cache.put(_SOUND, key, True)
    return taken or authored.findings(definition, problems)


def _taken(definition: Definition) -> list[Finding]:
    """A finding for every label and variable of its steps that is not an author's to set, where the code sets it."""
    return [problem.at(Place(*definition.line_of(step))) for step, problem in reserved.of_definition(definition)]


def _definition(repository: Repository, pipeline: Pipeline, heads: Heads) -> Definition | Problem | Sequence[Finding]:
    if pipeline.definition:
        return _pinned(repository, pipeline, heads.definitions.get(pipeline.name))
    if pipeline.name in heads.definitions:
        return heads.definitions[pipeline.name]
    if pipeline.name in heads.findings:
        return heads.findings[pipeline.name]
    modules = repository.files("generators/pipelines/[a-z]*.py")
    known = [PurePosixPath(file).stem.replace("_", "-") for file in modules]
    message, fix = (
        "there is no such pipeline",
        did_you_mean(pipeline.name, known) or f"write {module_of(pipeline.name)}",
    )
    return Problem(("pipelines", pipeline.name), "unknown-pipeline", message, pipeline.name, ", ".join(known), fix)


def _pinned(repository: Repository, pipeline: Pipeline, head: Definition | None) -> Definition | Problem:
    """The definition that a pipeline is pinned to, committed or the head itself, or why it cannot be had."""
    if head and head.hash == pipeline.definition:
        return head
    path = definitions.path_of(pipeline.name, pipeline.definition)
    at = ("pipelines", pipeline.name, "definition")
    if not repository.exists(path):
        committed = repository.files(f"{definitions.FOLDER}/{pipeline.name}/*.json")
        known = {PurePosixPath(file).stem for file in committed} | ({head.hash} if head else set())
        message, fix = f"there is no definition {path}", did_you_mean(pipeline.definition, known)
        if commit := git.last_commit_with(repository, path):
            message, fix = f"{message}; commit {commit} has it", f"run: git checkout {commit.split()[0]} -- {path}"
        fix = fix or "write one that is allowed, or track: head"
        return Problem(at, "definition", message, pipeline.definition, ", ".join(sorted(known)), fix, check="ir")
    try:
        text = repository.text(path)
        intact = definitions.hash_of_text(text) == pipeline.definition
        return definitions.from_text(pipeline.name, text) if intact else _changed(at, path, text, pipeline)
    except (ValueError, GraftError) as error:
        return Problem(at, "definition", f"{path} is not a definition: {error}", path, check="ir")


def _changed(at: tuple[str, ...], path: str, text: str, pipeline: Pipeline) -> Problem:
    message = f"{path} has been changed: its content no longer has the hash that its name says"
    fix = f"restore it: git checkout -- {path}"
    return Problem(at, "definition", message, definitions.hash_of_text(text), pipeline.definition, fix, check="ir")


def _known(pipeline: Pipeline, found: Mapping[str, Definition], heads: Heads, merged: merge.Environment) -> Pipeline:
    """A pinned pipeline without what a class says of steps and parameters that its definition does not have yet.

    Classes speak of the head, and a pinned environment follows later; what its own file says must fit what it runs.
    """
    head, definition = heads.definitions.get(pipeline.name), found.get(pipeline.name)
    if not pipeline.definition or not head or not definition:
        return pipeline
    ahead = {step.path for step in steps(head.spec)} - {step.path for step in steps(definition.spec)}
    newer = head.parameters.keys() - definition.parameters.keys()
    own = merged.layers[-1]

    def kept(kind: str, name: str, later: set[str]) -> bool:
        origins = merged.trace.origins(("pipelines", pipeline.name, kind, name))
        return name not in later or any(origin.layer == own for origin in origins)

    parameters = [name for name in pipeline.parameters if kept("parameters", name, newer)]
    return _only(pipeline, parameters, [path for path in pipeline.steps if kept("steps", path, ahead)])


def _incompatibilities(
    repository: Repository, environment: Environment, found: Mapping[str, Definition]
) -> Iterator[Problem]:
    for pipeline in environment.pipelines:
        if definition := found.get(pipeline.name):
            narrowed = None
            try:
                narrowed = compatibility.narrowed(repository, pipeline.name)
            except Unreadable as error:
                for each in error.findings:
                    yield Problem((), each.rule, each.message, fix=each.fix, check=each.check, place=each.place)
            components = images.components(repository)
            yield from compatibility.problems(environment, pipeline, definition, narrowed, components)


def _unbuilt(
    repository: Repository,
    merged: merge.Environment,
    environment: Environment,
    found: Mapping[str, Definition],
    heads: Heads,
) -> Iterator[Finding]:
    commit_with = cache(partial(git.commit_with_source, repository))  # several pipelines run the same component
    verdict = "warning" if environment.accept_unbuilt_images else "invalid"
    yield from (placed(problem, merged, verdict) for problem in operations.unbuilt(environment, repository))
    for pipeline in environment.pipelines:
        if definition := found.get(pipeline.name):
            head = heads.definitions.get(pipeline.name)
            for problem in images.unbuilt(environment, pipeline, definition, head.sources if head else {}, commit_with):
                yield placed(problem, merged, verdict)
