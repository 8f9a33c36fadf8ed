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
