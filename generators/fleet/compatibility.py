"""Whether what an environment says of a pipeline fits the definition that it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from generators.fleet import capacity, images, reserved
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown
from generators.inventory.read import Repository
from generators.inventory.schema import json_schema, validator
from generators.ir import view
from generators.ir.definitions import Definition
from generators.ir.overlay import used_env, used_secrets
from generators.ir.steps import Step, steps
from generators.ir.values import WORDS, kind_of
from generators.model import Environment, Pipeline, StepOverlay
from generators.quantities import quantity
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
    environment: Environment,
    pipeline: Pipeline,
    definition: Definition,
    tightened: dict[str, Any] | None,
    components: Sequence[str],
) -> list[Problem]:
    """Every setting that does not fit; `tightened` is the pipeline's own schema of parameters, where it has one.

    `components` are the images that the repository has components of.
    """
    at = ("pipelines", pipeline.name)
    found = [*_parameters(pipeline, definition, tightened, at), *_missing(pipeline, definition, at)]
    by_path = {step.path: step for step in steps(definition.spec)}
    for path, wanted in pipeline.steps.items():
        if path not in by_path:
            found.append(_unknown_step(path, by_path, definition, (*at, "steps", path)))
        else:
            found += _step(by_path[path], wanted, definition, environment, (*at, "steps", path))
    found += _served(pipeline, definition, at)
    found += capacity.problems(environment, pipeline, definition)
    return [*found, *images.problems(environment, pipeline, definition, components)]


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
        name: {"type": _JSON_TYPES[kind_of(spec)]}
        for name, spec in definition.parameters.items()
        if kind_of(spec) in _JSON_TYPES
    }
    return {"type": "object", "additionalProperties": False, "properties": typed}


def _parameters(
    pipeline: Pipeline, definition: Definition, tightened: dict[str, Any] | None, at: KeyPath
) -> Iterator[Problem]:
    for problem in parameter_problems(pipeline.parameters, definition, tightened):
        yield replace(problem, path=(*at, "parameters", *problem.path))


def _missing(pipeline: Pipeline, definition: Definition, at: KeyPath) -> Iterator[Problem]:
    """Parameters without a value in runs that nobody is there to give one to."""
    starts = "schedule" if pipeline.schedule else "run_on_merge" if pipeline.run_on_merge else ""
    for name, spec in definition.parameters.items():
        has_value = name in pipeline.parameters or "defaultValue" in spec or spec.get("isOptional")
        if starts and not has_value:
            message = f"the runs that {starts} starts would fail: the parameter {name} has no default and no value here"
            allowed = f"{WORDS.get(kind_of(spec), 'a value')} (from the pipeline's definition {definition.hash})"
            yield Problem((*at, starts), "required-parameter", message, "", allowed, f"add {name} to parameters")


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


def _served(pipeline: Pipeline, definition: Definition, at: KeyPath) -> Iterator[Problem]:
    """A model that would be served by an image of which the definition does not say what it is built from."""
    if pipeline.serve and pipeline.serve.component not in definition.sources:
        component, message = pipeline.serve.component, "no step of the pipeline runs the image of this component"
        fix = did_you_mean(component, list(definition.sources)) or "name the component that has graft_steps.serving"
        allowed = ", ".join(definition.sources)
        yield Problem((*at, "serve", "component"), "serve", message, component, allowed, fix)


def _step(
    step: Step, wanted: StepOverlay, definition: Definition, environment: Environment, at: KeyPath
) -> Iterator[Problem]:
    if "importer" in view.Pipeline.of(definition.spec).executor(step.executor):
        yield from _importer(wanted, at)
    yield from _variables(wanted, environment, at)
    yield from _services(wanted, environment, at)
    yield from _requests(wanted, at)
    yield from reserved.labels(wanted.labels, (*at, "labels"))


def _services(wanted: StepOverlay, environment: Environment, at: KeyPath) -> Iterator[Problem]:
    """A database that a step uses and the environment does not have."""
    if "database" in wanted.uses and not environment.database.url:
        message = f"{environment.name} has no database that the step could use"
        example = "database: {url: postgresql://mlflow@<host>:5432/mlflow}"
        yield Problem((*at, "uses"), "database", message, "database", fix=f"add {example}, or remove it here")


def _requests(wanted: StepOverlay, at: KeyPath) -> Iterator[Problem]:
    """What a step asks for and may not have, so that no API server would take its pod."""
    for name, asked in wanted.requests.items():
        limit = wanted.resources.get(name)
        if limit and quantity(asked) > quantity(limit):
            message = f"asks for more than its limit, resources.{name}: {limit}"
            yield Problem((*at, "requests", name), "requests", message, asked, f"at most {limit}")


def _importer(wanted: StepOverlay, at: KeyPath) -> Iterator[Problem]:
    """An importer starts no container, so most settings would be declared and never used."""
    for key, value in vars(replace(wanted, cache=None)).items():
        if value != getattr(StepOverlay(), key):
            message = "an importer starts no container, so nothing would use this"
            yield Problem((*at, key), "unused", message, shown(str(value)), "cache", "remove it")


def _variables(wanted: StepOverlay, environment: Environment, at: KeyPath) -> Iterator[Problem]:
    """Variables that are not to be set here, or are given twice, so that one of the values is silently lost."""
    written = {(*at, "env"): wanted.env, (*at, "secrets"): wanted.secrets, ("env",): environment.env}
    stored = environment.storage.credentials if "storage" in wanted.uses else {}
    services = used_env(wanted, environment)
    from_services = used_secrets(replace(wanted, secrets={}), environment)
    for where, names in (written | {("storage", "credentials"): stored}).items():
        for name in sorted(names.keys() & services.keys()):
            message, fix = "graft sets this variable itself, for a step that uses the service", "choose another name"
            yield Problem((*where, name), "variable", message, name, fix=fix)
    for where, names in written.items():
        secrets = from_services if where[-1] == "secrets" else from_services | wanted.secrets
        twice = sorted(names.keys() & secrets.keys())
        for name in twice:
            message, fix = (
                f"the variable {name} also comes from the Secret {secrets[name].secret}",
                "keep one of the two",
            )
            yield Problem((*where, name), "variable", message, name, fix=fix)
        if where[0] == "pipelines":
            yield from reserved.variables(sorted(names.keys() - twice), where)
