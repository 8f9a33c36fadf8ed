"""Which messages a compiled pipeline is made of, and their fields: read from KFP's own descriptors.

They stand in the code that protobuf generates, in kfp-pipeline-spec and kfp-kubernetes. That code is read and not run,
since it would import kfp itself. A message goes by its name without the package: `PipelineTaskSpec.RetryPolicy`.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generators.errors import GraftError
from generators.ir.validate import wire

PIPELINE, PLATFORM = "PipelineSpec", "PlatformSpec"
SINGLE, LIST, MAPPING = "", "[]", "{}"

_FILES = ("pipeline_spec/pipeline_spec_pb2.py", "kubernetes/kubernetes_executor_config_pb2.py")
_CONTENT = re.compile(r"AddSerializedFile\((b'.*')\)")
# What the messages themselves leave open, as a Struct.
_STRUCTS = {
    ("PipelineSpec", "deploymentSpec"): "PipelineDeploymentConfig",
    ("PlatformDeploymentConfig.ExecutorsEntry", "value"): "KubernetesExecutorConfig",
}
_ANY = {"google.protobuf.Struct": "mapping", "google.protobuf.Value": "any", "google.protobuf.ListValue": "list"}
_OTHER = {"google.protobuf.Duration": "duration"}
# FieldDescriptorProto.Type to the kind of scalar
_SCALARS = {1: "number", 2: "number", 3: "int64", 4: "uint64", 5: "int32", 8: "boolean", 9: "string", 13: "uint32"}
_ENUM, _MESSAGE, _REPEATED = 14, 11, 3


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `shape` is single, a list or a mapping of what it holds; that is a `message`, or a `scalar`.

    `scalar` is string, number, int32, int64, uint32, uint64, boolean, enum (one of `values`), duration, or of what is
    free: mapping, list, any. `oneof` names the alternatives that it belongs to, of which one at most is set.
    """

    name: str
    shape: str
    message: str = ""
    scalar: str = ""
    values: tuple[str, ...] = ()
    oneof: str = ""


@cache
def fields(message: str) -> Mapping[str, Field]:
    """The fields of a message, by their names in JSON."""
    return {field.name: field for field in _fields(message)}


@cache
def messages() -> tuple[str, ...]:
    """Every message that a PipelineSpec or a PlatformSpec can hold, from the outside in."""
    found = {PIPELINE: None, PLATFORM: None}
    waiting = list(found)
    while waiting:
        inner = {field.message: None for field in fields(waiting.pop(0)).values() if field.message}
        waiting += [name for name in inner if name not in found]
        found |= inner
    return tuple(found)


@cache
def _described() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Every message and every enumeration of the two files, by name: a DescriptorProto, an EnumDescriptorProto."""
    found: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    for file in _FILES:
        content = _serialized(file)
        for number, group in ((4, found[0]), (5, found[1])):
            group.update({wire.text(each, 1): each for each in wire.several(content, number)})
        for each in wire.several(content, 4):
            _add_nested(wire.text(each, 1), each, found)
    return found


def _add_nested(name: str, message: bytes, found: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    for number, group in ((3, found[0]), (4, found[1])):
        group.update({f"{name}.{wire.text(each, 1)}": each for each in wire.several(message, number)})
    for each in wire.several(message, 3):
        _add_nested(f"{name}.{wire.text(each, 1)}", each, found)


def _serialized(file: str) -> bytes:
    package = importlib.util.find_spec("kfp")  # finds it without importing it
    for folder in package.submodule_search_locations or () if package else ():
        path = Path(folder, file)
        if path.is_file() and (match := _CONTENT.search(path.read_text("utf-8"))):
            return ast.literal_eval(match[1])
    raise GraftError(f"KFP's description of its messages is not in kfp/{file}", "install graft again: make install")


def _fields(message: str) -> Iterator[Field]:
    described = _described()[0][message]
    oneofs = [wire.text(each, 1) for each in wire.several(described, 8)]
    for each in wire.several(described, 2):
        yield _field(message, each, oneofs)


def _field(message: str, described: bytes, oneofs: list[str]) -> Field:
    name = _json_name(wire.text(described, 1))
    index, synthetic = wire.whole(described, 9, -1), wire.whole(described, 17)
    oneof = oneofs[index] if index >= 0 and not synthetic else ""
    shape = LIST if wire.whole(described, 4) == _REPEATED else SINGLE
    if inner := _STRUCTS.get((message, name)):
        return Field(name, shape, inner, oneof=oneof)
    kind, type_name = wire.whole(described, 5), wire.text(described, 6).lstrip(".")
    own = type_name.partition(".")[2]  # without the package, which has no dot
    if kind == _MESSAGE and own in _described()[0]:
        if _is_map_entry(own):
            value = fields(own)["value"]
            return Field(name, MAPPING, value.message, value.scalar, value.values)
        return Field(name, shape, own, oneof=oneof)
    if kind == _ENUM:
        return Field(name, shape, scalar="enum", values=_values(own), oneof=oneof)
    return Field(name, shape, scalar=_scalar(kind, type_name), oneof=oneof)


def _scalar(kind: int, type_name: str) -> str:
    return _SCALARS[kind] if kind in _SCALARS else (_ANY | _OTHER)[type_name]


def _is_map_entry(message: str) -> bool:
    return any(wire.whole(options, 7) for options in wire.several(_described()[0][message], 7))


def _values(enum: str) -> tuple[str, ...]:
    """What may be written of an enumeration; its zero says that nothing is."""
    names = [wire.text(each, 1) for each in wire.several(_described()[1][enum], 2)]
    return tuple(name for name in names if not name.endswith("_UNSPECIFIED"))


def _json_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
