"""Everything that a compiled pipeline can say, and its Argo equivalent: what has none is refused.

`docs/argo.md` holds the same list as a table; tests hold the two together, and hold both against KFP's descriptors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generators.engines.argo.refusals import Refusal
from generators.inventory.paths import KeyPath
from generators.ir.validate import descriptors
from generators.ir.view import Component, Pipeline
from generators.ir.view.tree import ARTIFACTS, Tree


class Feature(NamedTuple):
    """A feature of the IR, its fields (`Message.field`, or a whole `Message`), and its Argo equivalent.

    `reason` is the code that it is refused for, "" where it has an equivalent.
    """

    name: str
    fields: str
    form: str
    reason: str = ""


FEATURES = (
    Feature(
            "name, display name, description",
            "PipelineSpec.pipelineInfo PipelineInfo",
            "`metadata`: the name, and the annotations that Argo shows as title and description"),
    Feature(
            "version, SDK",
            "PipelineSpec.schemaVersion PipelineSpec.sdkVersion",
            "nothing; both are only read"),
    Feature(
            "pipeline root",
            "PipelineSpec.defaultPipelineRoot",
            "the `key` of artifacts in the artifact repository"),
    Feature(
            "component, executor, task",
            "PipelineSpec.components PipelineSpec.deploymentSpec PipelineSpec.root PipelineDeploymentConfig "
            "ComponentSpec.executorLabel PipelineDeploymentConfig.ExecutorSpec.container "
            "PipelineTaskSpec.componentRef ComponentRef PipelineTaskSpec.taskInfo PipelineTaskInfo",
            "one of the `templates` for each task, named by its path"),
    Feature(
            "Python component",
            "PipelineDeploymentConfig.PipelineContainerSpec.image "
            "PipelineDeploymentConfig.PipelineContainerSpec.command "
            "PipelineDeploymentConfig.PipelineContainerSpec.args",
            "`container`: the bootstrap, then the unchanged command of the KFP executor"),
    Feature(
            "container component",
            "PipelineDeploymentConfig.PipelineContainerSpec.image "
            "PipelineDeploymentConfig.PipelineContainerSpec.command "
            "PipelineDeploymentConfig.PipelineContainerSpec.args",
            "`container`: values are put into its command, braces and dollars shielded"),
    Feature(
            "placeholders, Concat, IfPresent",
            "PipelineDeploymentConfig.PipelineContainerSpec.command "
            "PipelineDeploymentConfig.PipelineContainerSpec.args ValueOrRuntimeParameter.constant",
            "expressions; which arguments there are must be known when compiling"),
    Feature(
            "name, id and times of the job",
            "PipelineDeploymentConfig.PipelineContainerSpec.command "
            "PipelineDeploymentConfig.PipelineContainerSpec.args ValueOrRuntimeParameter.constant",
            "`workflow.name`, `workflow.uid`, `workflow.creationTimestamp`, `workflow.scheduledTime`"),
    Feature(
            "name and id of the task",
            "PipelineDeploymentConfig.PipelineContainerSpec.command "
            "PipelineDeploymentConfig.PipelineContainerSpec.args ValueOrRuntimeParameter.constant",
            "its key in the pipeline; `pod.name`"),
    Feature(
            "importer",
            "PipelineDeploymentConfig.ExecutorSpec.importer PipelineDeploymentConfig.ImporterSpec.artifactUri "
            "PipelineDeploymentConfig.ImporterSpec.typeSchema PipelineDeploymentConfig.ImporterSpec.metadata",
            "`suspend` of no duration, whose output is the artifact's metadata; no pod"),
    Feature(
            "importer: reimport, download to workspace",
            "PipelineDeploymentConfig.ImporterSpec.reimport "
            "PipelineDeploymentConfig.ImporterSpec.downloadToWorkspace",
            "nothing; there is no store to find it in, and each task fetches what it takes"),
    Feature(
            "claim made or deleted",
            "PipelineDeploymentConfig.PipelineContainerSpec.image",
            "`resource`: create or delete of a PersistentVolumeClaim"),
    Feature(
            "parameter",
            "ComponentSpec.inputDefinitions ComponentSpec.outputDefinitions ComponentInputsSpec.parameters "
            "ComponentOutputsSpec.parameters ComponentInputsSpec.ParameterSpec.type "
            "ComponentInputsSpec.ParameterSpec.parameterType ComponentOutputsSpec.ParameterSpec "
            "PipelineTaskSpec.inputs TaskInputsSpec TaskInputsSpec.InputParameterSpec.taskOutputParameter "
            "TaskInputsSpec.InputParameterSpec.TaskOutputParameterSpec "
            "TaskInputsSpec.InputParameterSpec.componentInputParameter "
            "TaskInputsSpec.InputParameterSpec.runtimeValue ValueOrRuntimeParameter.constant "
            "ValueOrRuntimeParameter.runtimeParameter",
            "`parameters`: JSON without `{{` and `$`; the empty text for a value that is not there"),
    Feature(
            "constant of before SDK 2.0",
            "ValueOrRuntimeParameter.constantValue Value",
            "refused", "deprecated"),
    Feature(
            "default, optional",
            "ComponentInputsSpec.ParameterSpec.defaultValue ComponentInputsSpec.ParameterSpec.isOptional "
            "ComponentInputsSpec.ArtifactSpec.isOptional",
            "the `default` of the template's input"),
    Feature(
            "allowed values",
            "ComponentInputsSpec.ParameterSpec.literals",
            "`enum` of the run's argument"),
    Feature(
            "description",
            "ComponentInputsSpec.ParameterSpec.description ComponentInputsSpec.ArtifactSpec.description "
            "ComponentOutputsSpec.ArtifactSpec.description",
            "`description` of the run's argument"),
    Feature(
            "part of a loop item",
            "TaskInputsSpec.InputParameterSpec.parameterExpressionSelector",
            "an index in the argument's tag"),
    Feature(
            "artifact",
            "ComponentInputsSpec.artifacts ComponentOutputsSpec.artifacts "
            "ComponentInputsSpec.ArtifactSpec.artifactType ComponentOutputsSpec.ArtifactSpec.artifactType "
            "ArtifactTypeSchema ComponentOutputsSpec.ArtifactSpec.metadata TaskInputsSpec.InputArtifactSpec "
            "TaskInputsSpec.InputArtifactSpec.TaskOutputArtifactSpec",
            "`parameters`: its metadata (name, type, URI, cache key); `artifacts`: the content, by its key"),
    Feature(
            "list of artifacts",
            "ComponentInputsSpec.ArtifactSpec.isArtifactList ComponentOutputsSpec.ArtifactSpec.isArtifactList",
            "their metadata; `artifacts`: numbered places, as many as a constant loop has, else 32 or more"),
    Feature(
            "properties of before SDK 2.0",
            "PipelineDeploymentConfig.ImporterSpec.properties PipelineDeploymentConfig.ImporterSpec.customProperties "
            "ComponentOutputsSpec.ArtifactSpec.properties ComponentOutputsSpec.ArtifactSpec.customProperties",
            "refused", "deprecated"),
    Feature(
            "nested pipeline",
            "ComponentSpec.dag DagSpec.tasks",
            "`dag` template"),
    Feature(
            "outputs of a pipeline",
            "DagSpec.outputs DagOutputsSpec DagOutputsSpec.DagOutputArtifactSpec DagOutputsSpec.ArtifactSelectorSpec "
            "DagOutputsSpec.DagOutputParameterSpec.valueFromParameter DagOutputsSpec.ParameterSelectorSpec",
            "`valueFrom` of the template's outputs: an `expression`"),
    Feature(
            "order without data",
            "PipelineTaskSpec.dependentTasks",
            "`depends`"),
    Feature(
            "ParallelFor",
            "PipelineTaskSpec.parameterIterator ParameterIteratorSpec ParameterIteratorSpec.ItemsSpec "
            "PipelineTaskSpec.artifactIterator ArtifactIteratorSpec ArtifactIteratorSpec.ItemsSpec",
            "a `dag` template of its own around `withSequence`, over the indices of the list"),
    Feature(
            "parallelism",
            "PipelineTaskSpec.iteratorPolicy PipelineTaskSpec.IteratorPolicy",
            "`parallelism` of that template"),
    Feature(
            "Collected",
            "TaskInputsSpec.InputParameterSpec.taskOutputParameter "
            "TaskInputsSpec.InputArtifactSpec.taskOutputArtifact",
            "an `expression` that gathers by type; an empty loop gathers an empty list"),
    Feature(
            "If, Elif, Else",
            "PipelineTaskSpec.triggerPolicy PipelineTaskSpec.TriggerPolicy.condition",
            "`when`: the CEL as Argo's expression"),
    Feature(
            "OneOf",
            "DagOutputsSpec.DagOutputParameterSpec.valueFromOneof DagOutputsSpec.ParameterSelectorsSpec "
            "DagOutputsSpec.DagOutputArtifactSpec",
            "an `expression`: the first output that is there"),
    Feature(
            "exit handler, ignore_upstream_failure",
            "PipelineTaskSpec.TriggerPolicy.strategy",
            "`depends` on every end of what is before it; an exit task and its group are the `target` of the DAG"),
    Feature(
            "final status",
            "TaskInputsSpec.InputParameterSpec.taskFinalStatus TaskInputsSpec.InputParameterSpec.TaskFinalStatus",
            "an expression of the group's status"),
    Feature(
            "retry",
            "PipelineTaskSpec.retryPolicy PipelineTaskSpec.RetryPolicy",
            "`retryStrategy`; the longest back-off is its `cap`"),
    Feature(
            "caching",
            "PipelineTaskSpec.cachingOptions PipelineTaskSpec.CachingOptions",
            "`memoize`: the key is a SHA-256 of executor, pod, parameters and artifact metadata"),
    Feature(
            "resources, accelerators",
            "PipelineDeploymentConfig.PipelineContainerSpec.resources "
            "PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec "
            "PipelineDeploymentConfig.PipelineContainerSpec.ResourceSpec.AcceleratorConfig",
            "`resources` of the container; where a task decides them, `podSpecPatch`"),
    Feature(
            "variables",
            "PipelineDeploymentConfig.PipelineContainerSpec.env "
            "PipelineDeploymentConfig.PipelineContainerSpec.EnvVar",
            "`env`, braces shielded"),
    Feature(
            "pre-cache check",
            "PipelineDeploymentConfig.PipelineContainerSpec.lifecycle "
            "PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle "
            "PipelineDeploymentConfig.PipelineContainerSpec.Lifecycle.Exec",
            "refused", "lifecycle"),
    Feature(
            "resolver, custom job",
            "PipelineDeploymentConfig.ExecutorSpec.resolver PipelineDeploymentConfig.ResolverSpec "
            "PipelineDeploymentConfig.ResolverSpec.ArtifactQuerySpec PipelineDeploymentConfig.ExecutorSpec.customJob "
            "PipelineDeploymentConfig.AIPlatformCustomJobSpec",
            "refused", "executor"),
    Feature(
            "configuration handed to a task",
            "ComponentSpec.taskConfigPassthroughs TaskConfigPassthrough",
            "refused", "task-config"),
    Feature(
            "platform of a single component",
            "ComponentSpec.singlePlatformSpecs",
            "refused", "platform"),
    Feature(
            "platform",
            "PlatformSpec.platforms SinglePlatformSpec.deploymentSpec SinglePlatformSpec.pipelineConfig "
            "PlatformDeploymentConfig SinglePlatformSpec.platform",
            "what follows, for `kubernetes`"),
    Feature(
            "configuration of another platform",
            "SinglePlatformSpec.config",
            "refused", "platform"),
    Feature(
            "TTL, deadline of the pipeline",
            "PipelineConfig.resourceTtlOnCompletion PipelineConfig.resourceTtlOnSuccess "
            "PipelineConfig.resourceTtlOnFailure PipelineConfig.activeDeadlineSeconds",
            "`ttlStrategy`, `activeDeadlineSeconds` of the workflow"),
    Feature(
            "workspace",
            "PipelineConfig.workspace WorkspaceConfig KubernetesWorkspaceConfig",
            "`volumeClaimTemplates`"),
    Feature(
            "Secret, ConfigMap, field as variable",
            "KubernetesExecutorConfig.secretAsEnv SecretAsEnv SecretAsEnv.SecretKeyToEnvMap "
            "KubernetesExecutorConfig.configMapAsEnv ConfigMapAsEnv ConfigMapAsEnv.ConfigMapKeyToEnvMap "
            "KubernetesExecutorConfig.fieldPathAsEnv FieldPathAsEnv",
            "`env`: `valueFrom`"),
    Feature(
            "Secret, ConfigMap, claim, empty folder, ephemeral volume, shared memory as files",
            "KubernetesExecutorConfig.secretAsVolume SecretAsVolume KubernetesExecutorConfig.configMapAsVolume "
            "ConfigMapAsVolume KubernetesExecutorConfig.pvcMount PvcMount KubernetesExecutorConfig.emptyDirMounts "
            "EmptyDirMount KubernetesExecutorConfig.genericEphemeralVolume GenericEphemeralVolume "
            "KubernetesExecutorConfig.enabledSharedMemory EnabledSharedMemory",
            "`volumes` and `volumeMounts`"),
    Feature(
            "node selector, tolerations, affinity",
            "KubernetesExecutorConfig.nodeSelector NodeSelector KubernetesExecutorConfig.tolerations Toleration "
            "KubernetesExecutorConfig.nodeAffinity NodeAffinityTerm SelectorRequirement "
            "KubernetesExecutorConfig.podAffinity PodAffinityTerm",
            "`nodeSelector`, `tolerations`, `affinity`; where a task decides them, `podSpecPatch`"),
    Feature(
            "labels, annotations",
            "KubernetesExecutorConfig.podMetadata PodMetadata",
            "`metadata` of the template; a label may be `{{workflow.uid}}`, the id of the run"),
    Feature(
            "pull policy",
            "KubernetesExecutorConfig.imagePullPolicy",
            "`imagePullPolicy`"),
    Feature(
            "pull secrets",
            "KubernetesExecutorConfig.imagePullSecret ImagePullSecret",
            "`podSpecPatch`, since Argo's own field is for all tasks at once"),
    Feature(
            "security context",
            "KubernetesExecutorConfig.securityContext SecurityContext",
            "`securityContext` of the container"),
    Feature(
            "timeout",
            "KubernetesExecutorConfig.activeDeadlineSeconds",
            "`activeDeadlineSeconds` of the template"),
)  # fmt: skip


# Where what is refused can stand: the fields of a part of a component, each with the name of its feature.
_OF_COMPONENT = {
    "singlePlatformSpecs": "platform of a single component",
    "taskConfigPassthroughs": "configuration handed to a task",
}
_OF_EXECUTOR = {"resolver": "resolver, custom job", "customJob": "resolver, custom job"}
_OF_CONTAINER = {"lifecycle": "pre-cache check"}
_OF_ARTIFACT = {
    "properties": "properties of before SDK 2.0",
    "customProperties": "properties of before SDK 2.0",
}


def named(feature: Feature) -> Iterator[str]:
    """Its fields, each as `Message.field`."""
    for name in feature.fields.split():
        message, _, field = name.rpartition(".")
        yield from [name] if message and field[0].islower() else [f"{name}.{each}" for each in descriptors.fields(name)]


def without_equivalent(component: Component, pipeline: Pipeline) -> Iterator[tuple[str, str, KeyPath]]:
    """(reason, message, field) for all that a component, or its executor, says and that has no Argo equivalent."""
    executor = pipeline.executor(component.executor) if component.executor else {}
    parts = [
        ((), component.tree, _OF_COMPONENT),
        ((), executor, _OF_EXECUTOR),
        (("container",), executor.get("container", {}), _OF_CONTAINER),
        (("importer",), executor.get("importer", {}), _OF_ARTIFACT),
        *(
            (("outputDefinitions", ARTIFACTS, output), artifact, _OF_ARTIFACT)
            for output, artifact in component.outputs(ARTIFACTS).items()
        ),
    ]
    for place, tree, fields in parts:
        for field, name in fields.items():
            if tree.get(field) or (field in tree and fields is _OF_EXECUTOR):
                feature = next(each for each in FEATURES if each.name == name)
                yield feature.reason, f"{field}: {name} has no Argo equivalent", (*place, field)


def other_platforms(platform: Tree) -> Iterator[Refusal]:
    """What a PlatformSpec says for anything but Kubernetes."""
    for name, settings in sorted(platform.get("platforms", {}).items()):
        if name != "kubernetes":
            message = f"its PlatformSpec is for {name}, and Argo runs on Kubernetes"
            yield Refusal("platform", "", message, field=("platforms", name))
        elif settings.get("config"):
            message = "config: configuration of another platform has no Argo equivalent"
            yield Refusal("platform", f"platforms.{name}", message, field=("platforms", name, "config"))
