"""Whether a document is built as KFP's messages are: known fields, each of its type, and none missing."""

from __future__ import annotations

from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate import scalars
from generators.ir.validate.descriptors import LIST, MAPPING, PLATFORM, Field, fields
from generators.ir.validate.problem import Problem, name_of, shown
from generators.suggestions import did_you_mean

# What a message cannot do without, which proto3 cannot say; of alternatives, divided by a bar, it has one.
REQUIRED = {
    "PipelineSpec": "root pipelineInfo schemaVersion",
    "PipelineInfo": "name",
    "ComponentSpec": "dag|executorLabel",
    "DagSpec": "tasks",
    "PipelineTaskSpec": "componentRef",
    "ComponentRef": "name",
    "TaskInputsSpec.InputParameterSpec": "taskOutputParameter|runtimeValue|componentInputParameter|taskFinalStatus",
    "TaskInputsSpec.InputParameterSpec.TaskOutputParameterSpec": "producerTask outputParameterKey",
    "TaskInputsSpec.InputParameterSpec.TaskFinalStatus": "producerTask",
    "TaskInputsSpec.InputArtifactSpec": "taskOutputArtifact|componentInputArtifact",
    "TaskInputsSpec.InputArtifactSpec.TaskOutputArtifactSpec": "producerTask outputArtifactKey",
    "ArtifactIteratorSpec": "items itemInput",
    "ArtifactIteratorSpec.ItemsSpec": "inputArtifact",
    "ParameterIteratorSpec": "items itemInput",
    "ParameterIteratorSpec.ItemsSpec": "raw|inputParameter",
    "DagOutputsSpec.DagOutputArtifactSpec": "artifactSelectors",
    "DagOutputsSpec.ArtifactSelectorSpec": "producerSubtask outputArtifactKey",
    "DagOutputsSpec.DagOutputParameterSpec": "valueFromParameter|valueFromOneof",
    "DagOutputsSpec.ParameterSelectorSpec": "producerSubtask outputParameterKey",
    "DagOutputsSpec.ParameterSelectorsSpec": "parameterSelectors",
    "PipelineDeploymentConfig.ExecutorSpec": "container|importer|resolver|customJob",
    "PipelineDeploymentConfig.PipelineContainerSpec": "image",
    "PipelineDeploymentConfig.PipelineContainerSpec.EnvVar": "name",
    "PipelineDeploymentConfig.ImporterSpec": "artifactUri",
    "WorkspaceConfig": "size",
    "SecretAsVolume": "secretName|secretNameParameter mountPath",
    "SecretAsEnv": "secretName|secretNameParameter",
    "SecretAsEnv.SecretKeyToEnvMap": "secretKey envVar",
    "ConfigMapAsVolume": "configMapName|configMapNameParameter mountPath",
    "ConfigMapAsEnv": "configMapName|configMapNameParameter",
    "ConfigMapAsEnv.ConfigMapKeyToEnvMap": "configMapKey envVar",
    "ImagePullSecret": "secretName|secretNameParameter",
    "PvcMount": "constant|pvcNameParameter|taskOutputParameter|componentInputParameter mountPath",
    "FieldPathAsEnv": "name fieldPath",
    "EmptyDirMount": "mountPath",
    "SelectorRequirement": "key operator",
    "GenericEphemeralVolume": "volumeName mountPath size",
}

_KUBERNETES = "kubernetes"


def check(document: Any, message: str, path: KeyPath, found: list[Problem]) -> None:
    """Add to `found` all that is wrong with the form of a document, which should be a `message`."""
    if not isinstance(document, dict):
        found.append(Problem("type", path, "is not a mapping", shown(document)))
        return
    known = fields(message)
    for name, value in document.items():
        here = (*path, name_of(name))
        if name in known:
            _check_field(known[name], value, message, here, found)
        else:
            wrong = did_you_mean(str(name), known) if isinstance(name, str) else ""
            found.append(
                Problem("unknown-field", here, "unknown field", name_of(name), ", ".join(sorted(known)), wrong)
            )
    _check_missing(document, message, path, found)
    _check_alternatives(document, known, path, found)


def _check_field(field: Field, value: Any, message: str, path: KeyPath, found: list[Problem]) -> None:
    wanted = {LIST: (list, "is not a list"), MAPPING: (dict, "is not a mapping")}.get(field.shape)
    if wanted is None:
        _check_item(field, value, message, path, found)
    elif not isinstance(value, wanted[0]):
        found.append(Problem("type", path, wanted[1], shown(value)))
    elif field.shape == LIST:
        for index, item in enumerate(value):
            _check_item(field, item, message, (*path, index), found)
    else:
        for key, item in value.items():
            if not isinstance(key, str):
                found.append(Problem("type", (*path, name_of(key)), "its name is not a string", name_of(key)))
            elif _is_foreign(message, key):
                _check_foreign(item, key, (*path, key), found)
            else:
                found += scalars.name_problems(field, key, message, (*path, key))
                _check_item(field, item, message, (*path, key), found)


def _check_item(field: Field, value: Any, message: str, path: KeyPath, found: list[Problem]) -> None:
    if field.message == "Value":
        fix = "compile the pipeline with kfp 2, which writes `constant`"
        found.append(
            Problem("deprecated", path, "only SDKs before 2.0 wrote this, and KFP 2 does not read it", fix=fix)
        )
    elif field.message:
        check(value, field.message, path, found)
    else:
        found += scalars.problems(field, value, message, path)


def _check_missing(document: dict[str, Any], message: str, path: KeyPath, found: list[Problem]) -> None:
    for needed in REQUIRED.get(message, "").split():
        alternatives = needed.split("|")
        if all(_is_empty(document.get(name), fields(message)[name]) for name in alternatives):
            found.append(Problem("missing", path, f"it has no {' or '.join(alternatives)}"))
    if message == "ValueOrRuntimeParameter" and not document:  # an empty constant is one
        found.append(Problem("missing", path, "it has no constant or runtimeParameter"))


def _is_empty(value: Any, field: Field) -> bool:
    return value in (None, [], "") or (field.shape == MAPPING and value == {})


def _check_alternatives(document: dict[str, Any], known: Any, path: KeyPath, found: list[Problem]) -> None:
    """Of the fields of a oneof one may be set; protobuf's JSON refuses a second."""
    first: dict[str, str] = {}
    for name in document:
        if name not in known or not (oneof := known[name].oneof):
            continue
        if oneof in first:
            found.append(
                Problem(
                    "alternatives",
                    (*path, name),
                    f"it has {first[oneof]} beside it, and only one of the two may be set",
                )
            )
        first.setdefault(oneof, name)


def _is_foreign(message: str, key: str) -> bool:
    """Whether a PlatformSpec is for another platform, whose executors have settings of their own."""
    return message == PLATFORM and key != _KUBERNETES


def _check_foreign(value: Any, key: str, path: KeyPath, found: list[Problem]) -> None:
    known = fields("SinglePlatformSpec")
    if fix := did_you_mean(key, [_KUBERNETES]):
        found.append(Problem("unknown-platform", path, "unknown platform", key, _KUBERNETES, fix))
    elif not isinstance(value, dict):
        found.append(Problem("type", path, "is not a mapping", shown(value)))
    else:
        for name in value.keys() - known.keys():
            here = (*path, name_of(name))
            found.append(Problem("unknown-field", here, "unknown field", name_of(name), ", ".join(sorted(known))))
