"""The fields are those of KFP's messages as protobuf itself reads them, no more and no fewer, and cost no import."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from kfp.kubernetes.kubernetes_executor_config_pb2 import KubernetesExecutorConfig
from kfp.pipeline_spec.pipeline_spec_pb2 import PipelineDeploymentConfig, PipelineSpec, PlatformSpec

from generators.ir.validate import descriptors

# What the messages themselves leave open, as a Struct.
STRUCTS = {
    "ml_pipelines.PipelineSpec.deployment_spec": PipelineDeploymentConfig.DESCRIPTOR,
    "ml_pipelines.PlatformDeploymentConfig.executors": KubernetesExecutorConfig.DESCRIPTOR,
}
FREE = {"google.protobuf.Struct": "mapping", "google.protobuf.Value": "any", "google.protobuf.Duration": "duration"}


@pytest.mark.parametrize("own", [PipelineSpec, PlatformSpec], ids=lambda own: own.__name__)
def test_the_messages_are_those_that_protobuf_reads(own: Any) -> None:
    seen: set[str] = set()
    _compare(own.DESCRIPTOR, seen)
    assert len(seen) > 20


def test_a_verb_that_validates_imports_neither_kfp_nor_protobuf() -> None:
    code = "import sys; from generators.ir import validate; validate.problems({}, {}); print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not [name for name in loaded if name.split(".")[0] == "kfp" or name.startswith("google.protobuf")]


def _compare(theirs: Any, seen: set[str]) -> None:
    name = theirs.full_name.partition(".")[2]
    if name in seen:
        return
    seen.add(name)
    ours = descriptors.fields(name)
    assert set(ours) == {field.json_name for field in theirs.fields}
    for field in theirs.fields:
        inner, entry = STRUCTS.get(field.full_name, field.message_type), False
        if inner is not None and inner.GetOptions().map_entry:
            value = inner.fields_by_name["value"]
            inner, entry = STRUCTS.get(field.full_name, value.message_type), True
        mine = ours[field.json_name]
        if field.full_name == "ml_pipelines.PlatformDeploymentConfig.executors":
            entry = True
        shape = descriptors.MAPPING if entry else descriptors.LIST if field.is_repeated else descriptors.SINGLE
        assert mine.shape == shape, field.full_name
        if inner is not None and inner.full_name in FREE:
            assert mine.scalar == FREE[inner.full_name]
        elif inner is not None:
            assert mine.message == inner.full_name.partition(".")[2]
            _compare(inner, seen)
        elif field.type == FieldDescriptor.TYPE_ENUM:
            assert set(mine.values) <= {value.name for value in field.enum_type.values}
        oneof = field.containing_oneof
        assert mine.oneof == (oneof.name if oneof and len(oneof.fields) > 1 else ""), field.full_name
