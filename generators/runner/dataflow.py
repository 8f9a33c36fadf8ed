"""How values go from task to task: what a task is given, what fills it up, and what a DAG gives in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError
from generators.ir.values import converted, select
from generators.ir.view import Component, Declared, Source, Task
from generators.ir.view.source import OUTPUT, STATUS
from generators.ir.view.tree import ARTIFACTS, PARAMETERS
from generators.runner import placeholders
from generators.runner.results import Artifact, Result, State, Values


@dataclass(frozen=True)
class Scope:
    """What a task of a DAG can refer to: the DAG's inputs, the tasks before it, the names of job and task."""

    inputs: Values
    results: Mapping[str, Result]
    names: Mapping[str, str]


def given(task: Task, scope: Scope) -> Values:
    """What the task's inputs hand it; an input without a value is left out."""
    sources = dict(task.sources(PARAMETERS))
    parameters = {
        name: _selected(source, _parameter(source, scope)) for name, source in sources.items() if not source.is_constant
    }
    known = {name: placeholders.ABSENT if value is None else value for name, value in parameters.items()}
    tree = placeholders.view({}, known, scope.names)
    constants = {name: placeholders.fill(source.value, tree) for name, source in sources.items() if source.is_constant}
    artifacts = {name: _artifacts(source, scope) for name, source in task.sources(ARTIFACTS)}
    return Values(_present(parameters | constants), _present(artifacts))


def complete(component: Component, values: Values) -> Values:
    """`values` with the component's defaults, each as its declared type holds it.

    A DAG may lack a value, since what it is for may be optional further in; an executor may not.
    """
    parameters = {name: item for name, item in values.parameters.items() if item is not None}
    for declared in component.all_inputs:
        if declared.is_artifact:
            if not component.is_dag and declared.is_required and declared.name not in values.artifacts:
                raise GraftError(f"the input artifact {declared.name} is missing: what should give it gave none")
            continue
        value = parameters.get(declared.name, declared.default)
        if value is not None:
            parameters[declared.name] = _conforming(declared, value)
        elif not component.is_dag and not declared.is_optional:
            raise GraftError(f"the input parameter {declared.name} has no value: what should give it gave none")
    return Values(parameters, values.artifacts)


def gathered(component: Component, outputs: list[Values]) -> Values:
    """What a loop gives: each output parameter as a list over the iterations that gave it, the artifacts in a row."""
    return Values(
        {
            name: [item.parameters[name] for item in outputs if name in item.parameters]
            for name in component.outputs(PARAMETERS)
        },
        {
            name: [artifact for item in outputs for artifact in item.artifacts.get(name, [])]
            for name in component.outputs(ARTIFACTS)
        },
    )


def dag_outputs(component: Component, results: Mapping[str, Result]) -> Values:
    """What a DAG gives, from the outputs of its tasks; of alternatives (OneOf) the one whose branch ran."""
    given: dict[str, dict[str, Any]] = {PARAMETERS: {}, ARTIFACTS: {}}
    for group, name, selectors in component.given:
        found = (getattr(results[task].outputs, group).get(output) for task, output in selectors)
        given[group][name] = next((value for value in found if value is not None), None)
    return Values(_present(given[PARAMETERS]), _present(given[ARTIFACTS]))


def final_status(task: str, result: Result, names: Mapping[str, str]) -> dict[str, Any]:
    """KFP's PipelineTaskFinalStatus of a task that is over."""
    succeeded = result.state in (State.SUCCEEDED, State.SKIPPED)
    status: dict[str, Any] = {
        "state": "SUCCEEDED" if succeeded else "FAILED",
        "pipelineJobName": names["pipeline_job_name"],
        "pipelineJobUuid": names["pipeline_job_uuid"],
        "pipelineJobResourceName": names["pipeline_job_resource_name"],
        "pipelineTaskName": task,
    }
    if not succeeded:
        reason = result.failure.reason if result.failure else "it was ended"
        status["error"] = {"code": 2, "message": reason}  # google.rpc.Code.UNKNOWN
    return status


def _parameter(source: Source, scope: Scope) -> Any:
    if source.kind == OUTPUT:
        return scope.results[source.task].outputs.parameters.get(source.name)
    if source.kind == STATUS:
        return final_status(source.task, scope.results[source.task], scope.names)
    return scope.inputs.parameters.get(source.name)


def _selected(source: Source, value: Any) -> Any:
    return select(source.selector, value) if source.selector and value is not None else value


def _artifacts(source: Source, scope: Scope) -> list[Artifact] | None:
    given = scope.results[source.task].outputs if source.kind == OUTPUT else scope.inputs
    return given.artifacts.get(source.name)


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _conforming(declared: Declared, value: Any) -> Any:
    try:
        return converted(declared.kind, value)
    except GraftError as error:
        raise GraftError(f"the input parameter {declared.name}: {error.message}", error.fix) from None
