"""The fields that graft knows are those of KFP's messages, no more and no fewer."""

from __future__ import annotations

from typing import Any

import pytest
from kfp.kubernetes.kubernetes_executor_config_pb2 import KubernetesExecutorConfig
from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineDeploymentConfig, PipelineSpec, PlatformSpec

from generators.ir import fields

# What the messages themselves leave open, as a Struct.
STRUCTS = {
    "ml_pipelines.PipelineSpec.deployment_spec": PipelineDeploymentConfig.DESCRIPTOR,
    "ml_pipelines.PlatformDeploymentConfig.executors": KubernetesExecutorConfig.DESCRIPTOR,
}


@pytest.mark.parametrize(("message", "own"), [("Pipeline", PipelineSpec), ("Platform", PlatformSpec)])
def test_the_tree_is_that_of_kfp_s_messages(message: str, own: Any) -> None:
    assert dict(_ours(message, "")) == dict(_theirs(own.DESCRIPTOR, ""))


def test_a_written_field_has_its_path_and_its_message() -> None:
    document = {"root": {"dag": {"tasks": {"a": {"retryPolicy": {"maxRetryCount": 2}, "retryPolcy": {}}}}}}

    found = [(".".join(field.path), field.name) for field in fields.written(document)]

    assert found[-3:] == [
        ("root.dag.tasks.a.retryPolicy", "Task.retryPolicy"),
        ("root.dag.tasks.a.retryPolicy.maxRetryCount", "Retry.maxRetryCount"),
        ("root.dag.tasks.a.retryPolcy", "Task.?retryPolcy"),
    ]
    assert fields.near("Task", "retryPolcy") == "retryPolicy"


def test_what_is_inside_values_and_names_of_mappings_are_no_fields() -> None:
    document = {"components": {"root": {}}, "root": {"inputDefinitions": {"parameters": {"x": {"defaultValue": {}}}}}}

    assert [field.name for field in fields.written(document)] == [
        "Pipeline.components",
        "Pipeline.root",
        "Component.inputDefinitions",
        "Inputs.parameters",
        "InputParameter.defaultValue",
    ]


def _ours(message: str, path: str, inside: tuple[str, ...] = ()):
    for name, (kind, inner) in fields.members(message).items():
        yield f"{path}.{name}", kind
        if inner and inner not in inside:
            yield from _ours(inner, f"{path}.{name}", (*inside, message))


def _theirs(descriptor: Any, path: str, inside: tuple[str, ...] = ()):
    for field in descriptor.fields:
        inner, kind = field.message_type, ""
        if inner is not None and inner.GetOptions().map_entry:
            inner, kind = inner.fields_by_name["value"].message_type, "{}"
        elif inner is not None and field.is_repeated:
            kind = "[]"
        inner = STRUCTS.get(field.full_name, inner)
        if inner is not None and inner.full_name.startswith("google.protobuf."):
            inner, kind = None, ""
        yield f"{path}.{field.json_name}", kind if inner is not None else ""
        if inner is not None and inner.full_name not in inside:
            yield from _theirs(inner, f"{path}.{field.json_name}", (*inside, descriptor.full_name))


def test_what_is_of_another_kind_or_missing_is_told_with_its_path() -> None:
    task = {"inputs": {"parameters": {"x": {}}}, "retryPolicy": {"maxRetryCount": "two"}, "dependentTasks": "a"}
    document = {"root": {"dag": {"tasks": {"a": task}}}, "components": []}

    assert [(".".join(path), problem) for path, problem in fields.malformed(document)] == [
        ("components", "it is not a mapping: []"),
        ("root.dag.tasks.a", "it has no componentRef"),
        (
            "root.dag.tasks.a.inputs.parameters.x",
            "it has no taskOutputParameter or runtimeValue or componentInputParameter or taskFinalStatus",
        ),
        ("root.dag.tasks.a.dependentTasks", "it is not a list of strings: 'a'"),
        ("root.dag.tasks.a.retryPolicy.maxRetryCount", "it is not a number: 'two'"),
    ]


@pytest.mark.parametrize(("message", "own"), [("Pipeline", PipelineSpec), ("Platform", PlatformSpec)])
def test_what_a_field_holds_is_what_kfp_s_message_has(message: str, own: Any) -> None:
    for name, ours, theirs in _scalars(message, own.DESCRIPTOR):
        assert ours == theirs, name


def _scalars(message: str, descriptor: Any, inside: tuple[str, ...] = ()):
    for field in descriptor.fields:
        _, own = fields.members(message)[field.json_name]
        inner = STRUCTS.get(field.full_name, field.message_type)
        entry = inner is not None and inner.GetOptions().map_entry
        if not own:
            yield field.full_name, fields._scalar(message, field.json_name), _held(field, entry)
        elif own not in inside:
            value = inner.fields_by_name["value"].message_type if entry else inner
            yield from _scalars(own, value, (*inside, message))


def _held(field: Any, entry: bool) -> str:
    name = field.message_type.full_name if field.message_type is not None else ""
    if entry or name.endswith(".Struct"):
        return "a mapping"
    if field.is_repeated:
        return "a list" if name else "a list of strings"
    if name.endswith(".Value"):
        return "anything"
    if field.type == field.TYPE_BOOL:
        return "true or false"
    number = field.type not in (field.TYPE_STRING, field.TYPE_ENUM, field.TYPE_MESSAGE)
    return "a number" if number else "a string"
