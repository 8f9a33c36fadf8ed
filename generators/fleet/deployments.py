"""Which definition an environment runs of each pipeline, and whether all that it says of them fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from generators.fleet import compatibility, consistency
from generators.inventory import merge
from generators.inventory.read import Repository
from generators.inventory.schema import Problem
from generators.inventory.validation import placed
from generators.ir import definitions
from generators.ir.compile import module_of
from generators.ir.definitions import Definition
from generators.ir.steps import steps
from generators.model import Environment, Finding, Pipeline
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Deployments:
    """What an environment runs of each pipeline, as far as that can be said, and the findings of all of them."""

    definitions: dict[str, Definition]
    pipelines: tuple[Pipeline, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Heads:
    """The pipelines as their code stands now: definitions, and for those that do not compile a finding."""

    definitions: Mapping[str, Definition]
    findings: Mapping[str, Finding]


def check(repository: Repository, merged: merge.Environment, environment: Environment, heads: Heads) -> Deployments:
    """Everything about the pipelines of one environment; what is merely accepted for now is a warning."""
    found: dict[str, Definition] = {}
    findings: list[Finding] = []
    for pipeline in environment.pipelines:
        definition = _definition(repository, pipeline, heads)
        if isinstance(definition, Definition):
            found[pipeline.name] = definition
        else:
            findings.append(definition if isinstance(definition, Finding) else placed(definition, merged))
    deployed = tuple(_known(pipeline, found, heads, merged) for pipeline in environment.pipelines)
    environment = replace(environment, pipelines=deployed)
    findings += [placed(problem, merged) for problem in _misfits(repository, environment, found)]
    findings += _images(repository, merged, environment, found)
    if len(found) == len(environment.pipelines):
        findings += [placed(problem, merged) for problem in consistency.unused(environment, found)]
    return Deployments(found, deployed, tuple(findings))


def tracked(environments: Mapping[str, Environment], repository: Repository) -> list[str]:
    """The pipelines that some environment follows at head and that there is code for."""
    deployed = (pipeline for environment in environments.values() for pipeline in environment.pipelines)
    names = {pipeline.name for pipeline in deployed if not pipeline.definition}
    return sorted(name for name in names if repository.exists(module_of(name)))


def _definition(repository: Repository, pipeline: Pipeline, heads: Heads) -> Definition | Problem | Finding:
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
        fix = did_you_mean(pipeline.definition, known) or "write one that is allowed, or track: head"
        message = f"there is no definition {path}"
        return Problem(at, "definition", message, pipeline.definition, ", ".join(sorted(known)), fix, check="ir")
    text = repository.text(path)
    try:
        intact = definitions.hash_of_text(text) == pipeline.definition
        return definitions.from_text(pipeline.name, text) if intact else _changed(at, path, text, pipeline)
    except ValueError as error:
        return Problem(at, "definition", f"{path} is no definition: {error}", path, check="ir")


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

    return replace(
        pipeline,
        steps={path: wanted for path, wanted in pipeline.steps.items() if kept("steps", path, ahead)},
        parameters={name: value for name, value in pipeline.parameters.items() if kept("parameters", name, newer)},
    )


def _misfits(repository: Repository, environment: Environment, found: Mapping[str, Definition]) -> Iterator[Problem]:
    for pipeline in environment.pipelines:
        if definition := found.get(pipeline.name):
            yield from compatibility.problems(
                environment, pipeline, definition, compatibility.narrowed(repository, pipeline.name)
            )


def _images(
    repository: Repository, merged: merge.Environment, environment: Environment, found: Mapping[str, Definition]
) -> Iterator[Finding]:
    for accepted, problem in consistency.unbuilt_images(environment):
        yield placed(problem, merged, "warning" if accepted else "invalid")
    heads = [pipeline for pipeline in environment.pipelines if pipeline.name in found and not pipeline.definition]
    tracking = {image for pipeline in heads for image in compatibility.images_of(pipeline, found[pipeline.name])}
    for problem in consistency.stale_images(environment, _component_hashes(repository, tracking)):
        yield placed(problem, merged)


def _component_hashes(repository: Repository, images: set[str]) -> dict[str, str]:
    """Component to the hash of its folder as it is now, for images that are components of this repository."""
    folders = {image: f"components/{image.replace('-', '_')}" for image in images}
    return {image: repository.source(folder) for image, folder in folders.items() if repository.exists(folder)}
