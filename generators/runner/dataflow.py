"""How values go from task to task: what a task is given, what fills it up, and what a DAG gives in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError
from generators.ir.values import converted, kind_of, select
from generators.runner import placeholders
from generators.runner.results import Artifact, Result, State, Values


@dataclass(frozen=True)
class Scope:
    """What a task of a DAG can refer to: the DAG's inputs, the tasks before it, the names of job and task."""

    inputs: Values
    results: Mapping[str, Result]
    names: Mapping[str, str]


def given(task: Mapping[str, Any], scope: Scope) -> Values:
    """What the task's `inputs` hand it; an input without a value is left out."""
    inputs = task.get("inputs", {})
    sources = inputs.get("parameters", {})
    parameters = {
        name: _selected(source, _parameter(source, scope))
        for name, source in sources.items()
        if "runtimeValue" not in source
    }
    known = {name: placeholders.ABSENT if value is None else value for name, value in parameters.items()}
    tree = placeholders.view({}, known, scope.names)
    constants = {
        name: placeholders.fill(_constant(source, scope), tree)
        for name, source in sources.items()
        if "runtimeValue" in source
    }
    artifacts = {name: _artifacts(source, scope) for name, source in inputs.get("artifacts", {}).items()}
    return Values(_present(parameters | constants), _present(artifacts))


def complete(component: Mapping[str, Any], values: Values) -> Values:
    """`values` with the component's defaults, each as its declared type holds it.

    A DAG may lack a value, since what it is for may be optional further in; an executor may not.
    """
    declared = component.get("inputDefinitions", {})
    parameters = {name: item for name, item in values.parameters.items() if item is not None}
    for name, spec in declared.get("parameters", {}).items():
        value = parameters.get(name, spec.get("defaultValue"))
        if value is not None:
            parameters[name] = _conforming(name, spec, value)
        elif "dag" not in component and not spec.get("isOptional"):
            raise GraftError(f"the input parameter {name} has no value: what should give it gave none")
    if "dag" not in component:
        _require_artifacts(declared.get("artifacts", {}), values)
    return Values(parameters, values.artifacts)


def gathered(component: Mapping[str, Any], outputs: list[Values]) -> Values:
    """What a loop gives: each output parameter as a list over the iterations that gave it, the artifacts in a row."""
    declared = component.get("outputDefinitions", {})
    return Values(
        {
            name: [item.parameters[name] for item in outputs if name in item.parameters]
            for name in declared.get("parameters", {})
        },
        {
            name: [artifact for item in outputs for artifact in item.artifacts.get(name, [])]
            for name in declared.get("artifacts", {})
        },
    )


def dag_outputs(component: Mapping[str, Any], results: Mapping[str, Result]) -> Values:
    """What a DAG gives, from the outputs of its tasks; of alternatives (OneOf) the one whose branch ran."""
    declared = component["dag"].get("outputs", {})
    parameters = {}
    for name, source in declared.get("parameters", {}).items():
        selectors = source.get("valueFromOneof", {}).get("parameterSelectors") or [source["valueFromParameter"]]
        found = [
            results[item["producerSubtask"]].outputs.parameters.get(item["outputParameterKey"]) for item in selectors
        ]
        parameters[name] = next((value for value in found if value is not None), None)
    artifacts = {}
    for name, source in declared.get("artifacts", {}).items():
        found = [
            results[item["producerSubtask"]].outputs.artifacts.get(item["outputArtifactKey"])
            for item in source["artifactSelectors"]
        ]
        artifacts[name] = next((value for value in found if value is not None), None)
    return Values(_present(parameters), _present(artifacts))


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


def _parameter(source: Mapping[str, Any], scope: Scope) -> Any:
    if "componentInputParameter" in source:
        return scope.inputs.parameters.get(source["componentInputParameter"])
    if "taskOutputParameter" in source:
        origin = source["taskOutputParameter"]
        return scope.results[origin["producerTask"]].outputs.parameters.get(origin["outputParameterKey"])
    if "taskFinalStatus" in source:
        task = source["taskFinalStatus"]["producerTask"]
        return final_status(task, scope.results[task], scope.names)
    return None


def _constant(source: Mapping[str, Any], scope: Scope) -> Any:
    value = source["runtimeValue"]
    if "runtimeParameter" in value:
        return scope.inputs.parameters.get(value["runtimeParameter"])
    return value.get("constant")


def _selected(source: Mapping[str, Any], value: Any) -> Any:
    selector = source.get("parameterExpressionSelector")
    return select(selector, value) if selector and value is not None else value


def _artifacts(source: Mapping[str, Any], scope: Scope) -> list[Artifact] | None:
    if "componentInputArtifact" in source:
        return scope.inputs.artifacts.get(source["componentInputArtifact"])
    origin = source["taskOutputArtifact"]
    return scope.results[origin["producerTask"]].outputs.artifacts.get(origin["outputArtifactKey"])


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _conforming(name: str, spec: Mapping[str, Any], value: Any) -> Any:
    try:
        return converted(kind_of(spec), value)
    except GraftError as error:
        raise GraftError(f"the input parameter {name}: {error.message}", error.fix) from None


def _require_artifacts(declared: Mapping[str, Any], values: Values) -> None:
    for name, spec in declared.items():
        if name not in values.artifacts and not spec.get("isOptional"):
            raise GraftError(f"the input artifact {name} is missing: what should give it gave none")
