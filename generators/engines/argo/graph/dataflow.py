"""How values go from task to task, as expressions: what a task is given, and what a DAG gives in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.refusals import NoForm
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.expressions import (
    ABSENT,
    as_text,
    encoded,
    failing,
    from_any,
    from_raw,
    from_text,
    literal,
    member,
)
from generators.engines.argo.text.names import parameter
from generators.errors import GraftError
from generators.ir.graph import ancestors
from generators.ir.values import kind_of, selected_keys

PARAMETERS, ARTIFACTS = "parameters", "artifacts"
_COMPLETED = "ALL_UPSTREAM_TASKS_COMPLETED"


@dataclass(frozen=True)
class Value:
    """An expression for the JSON that travels, the type it has, and whether it may be the empty text instead."""

    expression: str
    kind: str = ""
    maybe: bool = False

    @property
    def decoded(self) -> str:
        """The expression for the value itself."""
        return f"fromJSON({self.expression})"

    @property
    def text(self) -> str:
        """The expression for the value as it stands inside a text: a string as it is, the rest as JSON."""
        plain = self.kind in ("BOOLEAN", "NUMBER_INTEGER", "NUMBER_DOUBLE")  # JSON that holds no string to hide
        return self.expression if plain else as_text(self.decoded)


@dataclass(frozen=True)
class Scope:
    """What the tasks of one DAG can refer to; `names` maps a task's key to its name in Argo."""

    spec: Mapping[str, Any]
    component: Mapping[str, Any]
    names: Mapping[str, str]

    @property
    def tasks(self) -> Mapping[str, dict[str, Any]]:
        return self.component["dag"]["tasks"]

    def of(self, task: Mapping[str, Any]) -> Mapping[str, Any]:
        """The component that a task runs."""
        return self.spec["components"][task["componentRef"]["name"]]

    def given(self, task: Mapping[str, Any]) -> dict[str, Value]:
        """What the task's inputs hand it, by name; parameters and artifacts alike."""
        inputs = task.get("inputs", {})
        sources = inputs.get(PARAMETERS, {})
        found = {
            name: self._selected(source, self.parameter(source, task), self._kind(task, name))
            for name, source in sources.items()
            if "runtimeValue" not in source
        }
        more = {"pipeline_task_name": literal(key_of(task, self.tasks))}
        if "dag" not in self.of(task):
            more["pipeline_task_uuid"] = literal(placeholders.TASK_ID)
        constants = {
            name: self._constant(source["runtimeValue"], found, self._kind(task, name), more)
            for name, source in sources.items()
            if "runtimeValue" in source
        }
        artifacts = {name: self._artifact(source, task) for name, source in inputs.get(ARTIFACTS, {}).items()}
        return {**found, **constants, **artifacts}

    def input(self, group: str, name: str) -> Value:
        """An input of the DAG around the tasks."""
        spec = self.component.get("inputDefinitions", {}).get(group, {}).get(name)
        if spec is None:
            message = f"a task takes {name} from around it, where it is not"
            raise GraftError(
                message, "kfp loses values of some nested groups: hand it to the task as an input of its own"
            )
        return Value(member("inputs.parameters", parameter(name)), kind_of(spec), is_optional(spec))

    def output(self, group: str, key: str, name: str, needs_success: bool = True) -> Value:
        """An output of a task of this DAG: of a loop, the list of what its iterations gave.

        It may be absent where the task need not have succeeded.
        """
        if key not in self.tasks:
            raise GraftError(f"a task refers to {key}, which is not beside it")
        task = self.tasks[key]
        component = self.of(task)
        spec = component.get("outputDefinitions", {}).get(group, {}).get(name)
        if spec is None:
            raise GraftError(f"a task refers to {name} of {key}, which has no such output")
        reference = member(f"{member('tasks', self.names[key])}.outputs.parameters", parameter(name))
        if not needs_success:
            reference = _guarded(member("tasks", self.names[key]), reference)
        kind = "LIST" if is_loop(task) else kind_of(spec)
        if group == PARAMETERS and writes_text(self.spec, component):
            made = from_raw(reference, kind, f"the output {name} of {self.names[key]}")
            reference = _unless_absent(reference, made, not needs_success)
        return Value(reference, kind, not needs_success)

    def parameter(self, source: Mapping[str, Any], task: Mapping[str, Any]) -> Value:
        """What a source of an input parameter of `task` gives; constants apart."""
        if "taskOutputParameter" in source:
            origin = source["taskOutputParameter"]
            succeeded = not runs_after_failure(task)
            return self.output(PARAMETERS, origin["producerTask"], origin["outputParameterKey"], succeeded)
        if "taskFinalStatus" in source:
            return self._final_status(source["taskFinalStatus"]["producerTask"])
        return self.input(PARAMETERS, source["componentInputParameter"])

    def _artifact(self, source: Mapping[str, Any], task: Mapping[str, Any]) -> Value:
        if "componentInputArtifact" in source:
            return self.input(ARTIFACTS, source["componentInputArtifact"])
        origin = source["taskOutputArtifact"]
        succeeded = not runs_after_failure(task)
        return self.output(ARTIFACTS, origin["producerTask"], origin["outputArtifactKey"], succeeded)

    def _kind(self, task: Mapping[str, Any], name: str) -> str:
        return kind_of(self.of(task).get("inputDefinitions", {}).get(PARAMETERS, {}).get(name, {}))

    def _constant(
        self, value: Mapping[str, Any], known: Mapping[str, Value], kind: str, more: Mapping[str, str]
    ) -> Value:
        if "runtimeParameter" in value:
            return self.input(PARAMETERS, value["runtimeParameter"])
        constant = value.get("constant")
        if constant is None:
            return Value(ABSENT, kind, maybe=True)
        if not placeholders.inside(constant):
            return Value(literal(encoded(constant, kind)), kind)
        texts = {name: item.text for name, item in known.items()}
        if isinstance(constant, str) and kind in ("STRING", ""):
            return Value(from_text(placeholders.filled(constant, texts, more)), kind)
        if isinstance(constant, str):
            return Value(placeholders.filled(constant, texts, more), kind)
        return Value(placeholders.built(constant, texts, more), kind)

    def _selected(self, source: Mapping[str, Any], value: Value, kind: str) -> Value:
        if not (selector := source.get("parameterExpressionSelector")):
            return value
        path = "".join(f"[{literal(key) if isinstance(key, str) else key}]" for key in _selected_keys(selector))
        return item(f"{from_json_text(value.decoded)}{path}", kind)

    def _final_status(self, key: str) -> Value:
        if key not in self.tasks:
            raise GraftError(f"a task asks for the final status of {key}, which is not beside it")
        before = sorted(ancestors(self.tasks, key) | {key})  # a group that never ran, since what is before it failed
        broken = " or ".join(f"{member('tasks', self.names[name])}.status in ['Failed', 'Error']" for name in before)
        error = encoded({"code": 2, "message": "a task failed; its log says why"})  # google.rpc.Code.UNKNOWN
        failed, succeeded = literal(f'"FAILED","error":{error}'), literal('"SUCCEEDED"')
        task = encoded(key)
        parts = [
            literal(f'{{"pipelineTaskName":{task},"pipelineJobName":"'),
            "workflow.name",
            literal('","pipelineJobResourceName":"'),
            "workflow.name",
            literal('","pipelineJobUuid":"'),
            "workflow.uid",
            literal('","state":'),
            f"({broken} ? {failed} : {succeeded})",
            literal("}"),
        ]
        return Value(" + ".join(parts), "STRUCT")


def item(expression: str, kind: str) -> Value:
    """What an expression takes out of a list or a mapping. Where the items have no type KFP makes them a text."""
    return Value(from_text(as_text(expression)) if kind == "STRING" else from_any(expression), kind)


def from_json_text(expression: str) -> str:
    """The value, read once more where it is a text: an item of a list without a type is a text that holds JSON."""
    return f"(type({expression}) == 'string' ? fromJSON({expression}) : {expression})"


def key_of(task: Mapping[str, Any], tasks: Mapping[str, Any]) -> str:
    """The key of a task among those of its DAG."""
    return next((key for key, other in tasks.items() if other is task), "")


def _selected_keys(selector: str) -> list[str | int]:
    try:
        return selected_keys(selector)
    except GraftError as error:
        raise NoForm("selector", error.message, error.fix) from None


def is_loop(task: Mapping[str, Any]) -> bool:
    """Whether the task is repeated for each item of a list."""
    return "parameterIterator" in task or "artifactIterator" in task


def is_optional(spec: Mapping[str, Any]) -> bool:
    """Whether an input may have no value."""
    return bool(spec.get("isOptional")) and spec.get("defaultValue") is None


def runs_after_failure(task: Mapping[str, Any]) -> bool:
    """Whether the task runs when its upstream is over, failed or not."""
    return task.get("triggerPolicy", {}).get("strategy") == _COMPLETED


def writes_text(spec: Mapping[str, Any], component: Mapping[str, Any]) -> bool:
    """Whether a component writes output parameters as plain text: a container without the bootstrap."""
    executor = spec.get("deploymentSpec", {}).get("executors", {}).get(component.get("executorLabel"), {})
    return "container" in executor and not placeholders.runs_kfp(executor["container"])


def with_default(value: Value, spec: Mapping[str, Any], kind: str) -> Value:
    """`value`, and where it may be absent the default that the input declares."""
    default = spec.get("defaultValue")
    if not value.maybe or default is None:
        return value
    return Value(
        f"({value.expression} == {ABSENT} ? {literal(encoded(default, kind))} : {value.expression})", value.kind
    )


def required(value: Value, message: str) -> Value:
    """`value`, and where it is absent a failure that says so."""
    return Value(f"({value.expression} == {ABSENT} ? {failing(message)} : {value.expression})", value.kind)


def alternatives(values: list[str]) -> str:
    """The first of the values that is there: of the branches of a condition, that of the one that ran."""
    if not values:
        return ABSENT
    return f"({values[0]} != {ABSENT} ? {values[0]} : {alternatives(values[1:])})"


def _guarded(task: str, reference: str) -> str:
    """A reference to an output, the empty text where its task did not run.

    It asks for the status as well: without anything that must be known Argo would evaluate it before the task runs.
    """
    output = reference.replace("'].outputs.parameters[", "']?.outputs?.parameters?.[", 1)
    return f"({task}.status == 'Succeeded' ? ({output} ?? {ABSENT}) : {ABSENT})"


def _unless_absent(reference: str, expression: str, maybe: bool) -> str:
    return f"({reference} == {ABSENT} ? {ABSENT} : {expression})" if maybe else expression
