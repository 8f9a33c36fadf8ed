"""Every field of a compiled pipeline, and what is written in one that is none of them.

KFP reads the IR as two messages of protobuf, PipelineSpec and PlatformSpec; this is the same tree for code that must
not pay for importing kfp. `name:Message` is a field with fields of its own, `{}` a mapping and `[]` a list of such.

https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto
https://github.com/kubeflow/pipelines/blob/2.17.0/kubernetes_platform/proto/kubernetes_executor_config.proto
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from generators.errors import GraftError
from generators.ir.values import conform, kind_of

PIPELINE, PLATFORM = "Pipeline", "Platform"
MESSAGES = {
    "Pipeline": "pipelineInfo:PipelineInfo deploymentSpec:Deployment sdkVersion schemaVersion components{}:Component "
    "root:Component defaultPipelineRoot",
    "PipelineInfo": "name displayName description",
    "Deployment": "executors{}:Executor",
    "Executor": "container:Container importer:Importer resolver:Resolver customJob:CustomJob",
    "Container": "image command args lifecycle:Lifecycle resources:Resources env[]:Env",
    "Lifecycle": "preCacheCheck:Exec",
    "Exec": "command args",
    "Resources": "cpuLimit memoryLimit cpuRequest memoryRequest resourceCpuLimit resourceMemoryLimit "
    "resourceCpuRequest resourceMemoryRequest accelerator:Accelerator",
    "Accelerator": "type count resourceType resourceCount",
    "Env": "name value",
    "Importer": "artifactUri:Value typeSchema:ArtifactType properties{}:Value customProperties{}:Value reimport "
    "metadata downloadToWorkspace",
    "Value": "constantValue:OldConstant runtimeParameter constant",
    "OldConstant": "intValue doubleValue stringValue",
    "ArtifactType": "schemaTitle schemaUri instanceSchema schemaVersion",
    "Resolver": "outputArtifactQueries{}:ArtifactQuery",
    "ArtifactQuery": "filter limit",
    "CustomJob": "customJob",
    "Component": "inputDefinitions:Inputs outputDefinitions:Outputs dag:Dag executorLabel "
    "singlePlatformSpecs[]:SinglePlatform taskConfigPassthroughs[]:TaskConfigPassthrough",
    "Inputs": "artifacts{}:InputArtifact parameters{}:InputParameter",
    "InputArtifact": "artifactType:ArtifactType isArtifactList isOptional description",
    "InputParameter": "type parameterType defaultValue isOptional description literals",
    "Outputs": "artifacts{}:OutputArtifact parameters{}:OutputParameter",
    "OutputArtifact": "artifactType:ArtifactType properties{}:Value customProperties{}:Value metadata isArtifactList "
    "description",
    "OutputParameter": "type parameterType description",
    "Dag": "tasks{}:Task outputs:DagOutputs",
    "Task": "taskInfo:TaskInfo inputs:TaskInputs dependentTasks cachingOptions:Caching componentRef:ComponentRef "
    "triggerPolicy:Trigger artifactIterator:ArtifactIterator parameterIterator:ParameterIterator retryPolicy:Retry "
    "iteratorPolicy:IteratorPolicy",
    "TaskInfo": "name",
    "TaskInputs": "parameters{}:ParameterSource artifacts{}:ArtifactSource",
    "ParameterSource": "taskOutputParameter:TaskOutputParameter runtimeValue:Value componentInputParameter "
    "taskFinalStatus:TaskFinalStatus parameterExpressionSelector",
    "TaskOutputParameter": "producerTask outputParameterKey",
    "TaskFinalStatus": "producerTask",
    "ArtifactSource": "taskOutputArtifact:TaskOutputArtifact componentInputArtifact",
    "TaskOutputArtifact": "producerTask outputArtifactKey",
    "Caching": "enableCache cacheKey",
    "ComponentRef": "name",
    "Trigger": "condition strategy",
    "ArtifactIterator": "items:ArtifactItems itemInput",
    "ArtifactItems": "inputArtifact",
    "ParameterIterator": "items:ParameterItems itemInput",
    "ParameterItems": "raw inputParameter",
    "Retry": "maxRetryCount backoffDuration backoffFactor backoffMaxDuration",
    "IteratorPolicy": "parallelismLimit",
    "DagOutputs": "artifacts{}:ArtifactSelectors parameters{}:DagOutputParameter",
    "ArtifactSelectors": "artifactSelectors[]:ArtifactSelector",
    "ArtifactSelector": "producerSubtask outputArtifactKey",
    "DagOutputParameter": "valueFromParameter:ParameterSelector valueFromOneof:ParameterSelectors",
    "ParameterSelector": "producerSubtask outputParameterKey",
    "ParameterSelectors": "parameterSelectors[]:ParameterSelector",
    "TaskConfigPassthrough": "field applyToTask",
    "Platform": "platforms{}:SinglePlatform",
    "SinglePlatform": "deploymentSpec:PlatformDeployment platform config pipelineConfig:PipelineConfig",
    "PlatformDeployment": "executors{}:Pod",
    "PipelineConfig": "resourceTtlOnCompletion workspace:Workspace resourceTtlOnSuccess resourceTtlOnFailure "
    "activeDeadlineSeconds",
    "Workspace": "size kubernetes:WorkspaceClaim",
    "WorkspaceClaim": "pvcSpecPatch",
    "Pod": "secretAsVolume[]:SecretAsVolume secretAsEnv[]:SecretAsEnv pvcMount[]:PvcMount nodeSelector:NodeSelector "
    "podMetadata:PodMetadata imagePullSecret[]:ImagePullSecret imagePullPolicy configMapAsVolume[]:ConfigMapAsVolume "
    "configMapAsEnv[]:ConfigMapAsEnv activeDeadlineSeconds fieldPathAsEnv[]:FieldPathAsEnv tolerations[]:Toleration "
    "genericEphemeralVolume[]:GenericEphemeralVolume nodeAffinity[]:NodeAffinity podAffinity[]:PodAffinity "
    "enabledSharedMemory:EnabledSharedMemory emptyDirMounts[]:EmptyDirMount securityContext:SecurityContext",
    "SecretAsVolume": "secretName mountPath optional secretNameParameter:ParameterSource",
    "SecretAsEnv": "secretName keyToEnv[]:SecretKeyToEnv optional secretNameParameter:ParameterSource",
    "SecretKeyToEnv": "secretKey envVar",
    "PvcMount": "taskOutputParameter:TaskOutputParameter constant componentInputParameter mountPath "
    "pvcNameParameter:ParameterSource subPath",
    "NodeSelector": "labels nodeSelectorJson:ParameterSource",
    "PodMetadata": "labels annotations",
    "ImagePullSecret": "secretName secretNameParameter:ParameterSource",
    "ConfigMapAsVolume": "configMapName mountPath optional configMapNameParameter:ParameterSource",
    "ConfigMapAsEnv": "configMapName keyToEnv[]:ConfigMapKeyToEnv configMapNameParameter:ParameterSource optional",
    "ConfigMapKeyToEnv": "configMapKey envVar",
    "FieldPathAsEnv": "name fieldPath",
    "Toleration": "key operator value effect tolerationSeconds tolerationJson:ParameterSource",
    "GenericEphemeralVolume": "volumeName mountPath accessModes size defaultStorageClass storageClassName "
    "metadata:PodMetadata",
    "NodeAffinity": "matchExpressions[]:SelectorRequirement matchFields[]:SelectorRequirement weight "
    "nodeAffinityJson:ParameterSource",
    "SelectorRequirement": "key operator values",
    "PodAffinity": "matchPodExpressions[]:SelectorRequirement matchPodLabels topologyKey namespaces "
    "matchNamespaceExpressions[]:SelectorRequirement matchNamespaceLabels weight anti",
    "EnabledSharedMemory": "volumeName size",
    "EmptyDirMount": "volumeName mountPath medium sizeLimit",
    "SecurityContext": "runAsUser runAsGroup runAsNonRoot",
}


# What a message cannot do without; of alternatives, divided by a bar, it has one.
REQUIRED = {
    "Pipeline": "root",
    "Component": "dag|executorLabel",
    "Dag": "tasks",
    "Task": "componentRef",
    "ComponentRef": "name",
    "ParameterSource": "taskOutputParameter|runtimeValue|componentInputParameter|taskFinalStatus",
    "TaskOutputParameter": "producerTask outputParameterKey",
    "TaskFinalStatus": "producerTask",
    "ArtifactSource": "taskOutputArtifact|componentInputArtifact",
    "TaskOutputArtifact": "producerTask outputArtifactKey",
    "ArtifactIterator": "items itemInput",
    "ArtifactItems": "inputArtifact",
    "ParameterIterator": "items itemInput",
    "ParameterItems": "raw|inputParameter",
    "ArtifactSelectors": "artifactSelectors",
    "ArtifactSelector": "producerSubtask outputArtifactKey",
    "DagOutputParameter": "valueFromParameter|valueFromOneof",
    "ParameterSelector": "producerSubtask outputParameterKey",
    "ParameterSelectors": "parameterSelectors",
    "Importer": "artifactUri",
    "Env": "name",
    "Workspace": "size",
    "SecretAsVolume": "mountPath secretName|secretNameParameter",
    "SecretAsEnv": "secretName|secretNameParameter",
    "SecretKeyToEnv": "secretKey envVar",
    "ConfigMapAsVolume": "mountPath configMapName|configMapNameParameter",
    "ConfigMapAsEnv": "configMapName|configMapNameParameter",
    "ConfigMapKeyToEnv": "configMapKey envVar",
    "ImagePullSecret": "secretName|secretNameParameter",
    "PvcMount": "mountPath taskOutputParameter|constant|componentInputParameter|pvcNameParameter",
    "FieldPathAsEnv": "name fieldPath",
    "EmptyDirMount": "volumeName mountPath",
    "GenericEphemeralVolume": "volumeName mountPath",
}


# What a field without fields of its own holds, where it is no string, by its name.
SCALARS = {
    "a list": "literals",
    "a list of strings": "command args dependentTasks accessModes values namespaces",
    "a mapping": "metadata labels annotations matchPodLabels matchNamespaceLabels config pvcSpecPatch customJob",
    "a number": "cpuLimit memoryLimit cpuRequest memoryRequest count intValue doubleValue limit maxRetryCount "
    "backoffFactor parallelismLimit activeDeadlineSeconds tolerationSeconds weight runAsUser runAsGroup "
    "resourceTtlOnCompletion resourceTtlOnSuccess resourceTtlOnFailure",
    "true or false": "reimport downloadToWorkspace isArtifactList isOptional enableCache optional defaultStorageClass "
    "anti runAsNonRoot applyToTask",
    "anything": "Value.constant defaultValue",
}


class Field(NamedTuple):
    """A field that is written in a document: its path, its name as `Message.field`, and its value.

    A name that KFP does not know is `Message.?field`.
    """

    path: tuple[str | int, ...]
    name: str
    value: Any


def written(document: Mapping[str, Any], message: str = PIPELINE) -> Iterator[Field]:
    """Every field with a value in a PipelineSpec (or a PlatformSpec, for `message` Platform), from the outside in."""
    yield from _fields(document, message, ())


def malformed(document: Any, message: str = PIPELINE) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(path, problem) for what is no mapping or list where KFP has one, or lacks what it cannot do without."""
    yield from _malformed(document, message, ())


def near(message: str, field: str) -> str:
    """The field of `message` that a misspelt one may mean, "" if none."""
    return next(iter(difflib.get_close_matches(field, members(message), 1)), "")


@cache
def members(message: str) -> dict[str, tuple[str, str]]:
    """Field to its kind (`""`, `{}` or `[]`) and its own message, "" where it has no fields."""
    found = {}
    for text in MESSAGES[message].split():
        name, _, inner = text.partition(":")
        kind = name[-2:] if name[-1] in "}]" else ""
        found[name.removesuffix(kind) if kind else name] = (kind, inner)
    return found


def _malformed(document: Any, message: str, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not isinstance(document, Mapping):
        yield path, f"it is no mapping: {document!r:.60}"
        return
    for needed in REQUIRED.get(message, "").split():
        if all(document.get(name) in (None, [], "") for name in needed.split("|")):
            yield path, f"it has no {needed.replace('|', ' or ')}"
    if message == "InputParameter" and document.get("defaultValue") is not None:
        try:
            conform(kind_of(document), document["defaultValue"])
        except (GraftError, TypeError) as error:
            yield (*path, "defaultValue"), str(error)
    for name, (kind, inner) in members(message).items():
        value, here = document.get(name), (*path, name)
        if value is None:
            continue
        wanted = ("a list" if kind == "[]" else "a mapping") if inner else _scalar(message, name)
        if not _is(wanted, value):
            yield here, f"it is not {wanted}: {value!r:.60}"
        elif not inner:
            continue
        elif not kind:
            yield from _malformed(value, inner, here)
        else:
            for key, item in enumerate(value) if kind == "[]" else value.items():
                yield from _malformed(item, inner, (*here, key))


@cache
def _scalar(message: str, name: str) -> str:
    known = {name, f"{message}.{name}"}
    return next((words for words, names in SCALARS.items() if known & set(names.split())), "a string")


def _is(wanted: str, value: Any) -> bool:
    if wanted == "a number":  # JSON has long ones as strings
        return isinstance(value, int | float) or (isinstance(value, str) and value.lstrip("-").isdigit())
    if wanted == "a list of strings":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    kinds = {"a list": list, "a mapping": Mapping, "true or false": bool, "a string": str, "anything": object}
    return isinstance(value, kinds[wanted])


def _fields(document: Any, message: str, path: tuple[str | int, ...]) -> Iterator[Field]:
    if not isinstance(document, Mapping):
        return
    known = members(message)
    for name, value in document.items():
        if value is None:
            continue
        here = (*path, name)
        if name not in known:
            yield Field(here, f"{message}.?{name}", value)
            continue
        yield Field(here, f"{message}.{name}", value)
        kind, inner = known[name]
        if not inner:
            continue
        if kind == "{}" and isinstance(value, Mapping):
            for key, item in value.items():
                yield from _fields(item, inner, (*here, key))
        elif kind == "[]" and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _fields(item, inner, (*here, index))
        elif not kind:
            yield from _fields(value, inner, here)
