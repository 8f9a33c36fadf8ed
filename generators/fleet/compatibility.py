"""Whether what an environment says of a pipeline fits the definition that it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generators.engines.registry import engine
from generators.fleet import images
from generators.inventory.paths import KeyPath
from generators.inventory.read import Repository
from generators.inventory.schema import Problem, json_schema, shown, validator
from generators.ir import view
from generators.ir.definitions import Definition
from generators.ir.overlay import OWN_VARIABLES, chosen_accelerator, used_env, used_secrets
from generators.ir.quantities import quantity
from generators.ir.steps import Step, steps
from generators.ir.values import kind_of
from generators.model import Cluster, Environment, Pipeline, StepOverlay
from generators.suggestions import did_you_mean

_JSON_TYPES = {
    "STRING": "string",
    "NUMBER_INTEGER": "integer",
    "NUMBER_DOUBLE": "number",
    "BOOLEAN": "boolean",
    "LIST": "array",
    "STRUCT": "object",
}


def problems(
    environment: Environment, pipeline: Pipeline, definition: Definition, tightened: dict[str, Any] | None
) -> list[Problem]:
    """Every setting that does not fit; `tightened` is the pipeline's own schema of parameters, where it has one."""
    at = ("pipelines", pipeline.name)
    found = [*_parameters(pipeline, definition, tightened, at)]
    by_path = {step.path: step for step in steps(definition.spec)}
    for path, wanted in pipeline.steps.items():
        if path not in by_path:
            found.append(_unknown_step(path, by_path, definition, (*at, "steps", path)))
        else:
            found += _step(by_path[path], wanted, definition, environment, (*at, "steps", path))
    return [*found, *images.problems(environment, pipeline, definition)]


def narrowed(repository: Repository, pipeline: str) -> dict[str, Any] | None:
    """A pipeline's own schema of its parameters, where it has one."""
    file = schema_of(pipeline)
    return json_schema(repository, file) if repository.exists(file) else None


def schema_of(pipeline: str) -> str:
    """The file of that schema."""
    return f"schemas/parameters/{pipeline}.schema.json"


def parameters_schema(definition: Definition) -> dict[str, Any]:
    """The JSON Schema of a pipeline's parameters that its definition implies: names and types."""
    typed = {
        name: {"type": _JSON_TYPES[kind_of(spec)], "description": spec.get("description", "")}
        for name, spec in definition.parameters.items()
        if kind_of(spec) in _JSON_TYPES
    }
    return {"type": "object", "additionalProperties": False, "properties": typed}


def _parameters(
    pipeline: Pipeline, definition: Definition, tightened: dict[str, Any] | None, at: KeyPath
) -> Iterator[Problem]:
    for problem in parameter_problems(pipeline.parameters, definition, tightened):
        yield replace(problem, path=(*at, "parameters", *problem.path))


def parameter_problems(
    parameters: dict[str, Any], definition: Definition, tightened: dict[str, Any] | None
) -> Iterator[Problem]:
    """What is wrong with values of a pipeline's parameters; paths begin at the parameter's name."""
    found = validator(parameters_schema(definition))(parameters)
    yield from (_by_definition(problem, definition) for problem in found)
    wrong = {problem.path[:1] for problem in found}
    if tightened:
        file = schema_of(definition.pipeline)
        narrower = validator(tightened)(parameters)
        yield from (_by_schema(problem, file) for problem in narrower if problem.path[:1] not in wrong)


def _by_definition(problem: Problem, definition: Definition) -> Problem:
    if problem.rule != "unknown-key" or len(problem.path) > 1:
        return problem
    of = f"{problem.allowed} (from the pipeline's definition {definition.hash})"
    return replace(problem, rule="unknown-parameter", message="unknown parameter", allowed=of)


def _by_schema(problem: Problem, file: str) -> Problem:
    """A problem that the pipeline's own schema alone sees; it is the schema that may have to change."""
    allowed = f"{problem.allowed} (from {file})".lstrip()
    if problem.rule != "unknown-key" or len(problem.path) > 1:
        return replace(problem, allowed=allowed)
    message = f"the pipeline has this parameter, and {file} does not list it"
    fix = f"add {problem.path[0]} to the properties of {file}"
    return replace(problem, rule="unlisted-parameter", message=message, allowed=allowed, fix=fix)


def _unknown_step(path: str, known: dict[str, Step], definition: Definition, at: KeyPath) -> Problem:
    group = any(step.startswith(f"{path}/") for step in known)
    message = "this is a group of steps; name the step inside it" if group else "unknown step"
    allowed = f"{', '.join(known)} (from the pipeline's definition {definition.hash})"
    fix = "" if group else did_you_mean(path, list(known))
    return Problem(at, "unknown-step", message, path, allowed, fix, check="ir")


def _step(
    step: Step, wanted: StepOverlay, definition: Definition, environment: Environment, at: KeyPath
) -> Iterator[Problem]:
    if "importer" in view.Pipeline.of(definition.spec).executor(step.executor):
        yield from _importer(wanted, at)
    yield from _variables(wanted, environment, at)
    for cluster in environment.clusters:
        yield from _room(wanted, cluster, at)


def _importer(wanted: StepOverlay, at: KeyPath) -> Iterator[Problem]:
    """An importer starts no container, so most settings would be declared and never used."""
    for key, value in vars(replace(wanted, cache=None)).items():
        if value != getattr(StepOverlay(), key):
            message = "an importer starts no container, so nothing would use this"
            yield Problem((*at, key), "unused", message, shown(str(value)), "cache", "remove it")


def _variables(wanted: StepOverlay, environment: Environment, at: KeyPath) -> Iterator[Problem]:
    """Variables that would be given twice, so that one of the values is silently lost."""
    secrets = used_secrets(wanted, environment)
    for name in sorted((wanted.env | environment.env).keys() & secrets.keys()):
        message, fix = f"the variable {name} also comes from the Secret {secrets[name].secret}", "keep one of the two"
        yield Problem((*at, "env", name), "variable", message, name, fix=fix)
    own = OWN_VARIABLES | used_env(wanted, environment).keys()
    for name in sorted((wanted.env.keys() | wanted.secrets.keys()) & own):
        message, fix = "graft sets this variable itself", "choose another name"
        yield Problem((*at, "env", name), "variable", message, name, fix=fix)


def _room(wanted: StepOverlay, cluster: Cluster, at: KeyPath) -> Iterator[Problem]:
    if not engine(cluster.engine).on_kubernetes:
        return
    if wanted.accelerator == "required" and not chosen_accelerator(wanted, cluster):
        message = f"the cluster {cluster.name} has no accelerator"
        fix = f"add clusters.{cluster.name}.accelerators, or write optional"
        yield Problem((*at, "accelerator"), "capacity", message, "required", "none, optional", fix)
    for name, amount in wanted.resources.items():
        capacity = cluster.capacity.get(name)
        if capacity and quantity(amount) > quantity(capacity):
            message = f"asks for more {name} than the cluster {cluster.name} may give"
            fix = f"lower it, or raise clusters.{cluster.name}.capacity.{name}"
            yield Problem((*at, "resources", name), "capacity", message, amount, f"at most {capacity}", fix)
