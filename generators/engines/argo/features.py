"""Everything that a compiled pipeline can say, and the form that it has in Argo: what is not here is refused.

`docs/argo.md` holds the same list as a table; tests hold the two together, and hold both against all of KFP's fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from generators.engines.argo.refusals import Refusals
from generators.inventory.paths import format_path
from generators.ir import fields
from generators.ir.steps import tasks


class Feature(NamedTuple):
    """A feature of the IR, its fields (`Message.field`, or a whole `Message`), and its form in Argo.

    `reason` is the code that it is refused for, "" where it has a form.
    """

    name: str
    fields: str
    form: str
    reason: str = ""


FEATURES = (
    Feature("name, display name, description", "Pipeline.pipelineInfo PipelineInfo",
            "`metadata`: the name, and the annotations that Argo shows as title and description"),
    Feature("version, SDK", "Pipeline.schemaVersion Pipeline.sdkVersion", "nothing; both are only read"),
    Feature("pipeline root", "Pipeline.defaultPipelineRoot", "the `key` of artifacts in the artifact repository"),
    Feature("component, executor, task",
            "Pipeline.components Pipeline.deploymentSpec Pipeline.root Deployment Component.executorLabel "
            "Executor.container Task.componentRef ComponentRef Task.taskInfo TaskInfo",
            "one of the `templates` for each task, named by its path"),
    Feature("Python component", "Container.image Container.command Container.args",
            "`container`: the bootstrap, then the unchanged command of the KFP executor"),
    Feature("container component", "Container.image Container.command Container.args",
            "`container`: values are put into its command, braces and dollars shielded"),
    Feature("placeholders, Concat, IfPresent", "Container.command Container.args Value.constant",
            "expressions; which arguments there are must be known when compiling"),
    Feature("name, id and times of the job", "Container.command Container.args Value.constant",
            "`workflow.name`, `workflow.uid`, `workflow.creationTimestamp`, `workflow.scheduledTime`"),
    Feature("name and id of the task", "Container.command Container.args Value.constant",
            "its key in the pipeline; `pod.name`"),
    Feature("importer", "Executor.importer Importer.artifactUri Importer.typeSchema Importer.metadata",
            "`suspend` of no duration, whose output is the companion; no pod"),
    Feature("importer: reimport, download to workspace", "Importer.reimport Importer.downloadToWorkspace",
            "nothing; there is no store to find it in, and each task fetches what it takes"),
    Feature("claim made or deleted", "Container.image", "`resource`: create or delete of a PersistentVolumeClaim"),
    Feature("parameter",
            "Component.inputDefinitions Component.outputDefinitions Inputs.parameters Outputs.parameters "
            "InputParameter.type InputParameter.parameterType OutputParameter Task.inputs TaskInputs "
            "ParameterSource.taskOutputParameter TaskOutputParameter ParameterSource.componentInputParameter "
            "ParameterSource.runtimeValue Value.constant Value.runtimeParameter",
            "`parameters`: JSON without `{{` and `$`; the empty text for a value that is not there"),
    Feature("constant of before SDK 2.0", "Value.constantValue OldConstant", "refused", "deprecated"),
    Feature("default, optional", "InputParameter.defaultValue InputParameter.isOptional InputArtifact.isOptional",
            "the `default` of the template's input"),
    Feature("allowed values", "InputParameter.literals", "`enum` of the run's argument"),
    Feature("description", "InputParameter.description InputArtifact.description OutputArtifact.description",
            "`description` of the run's argument"),
    Feature("part of a loop item", "ParameterSource.parameterExpressionSelector", "an index in the argument's tag"),
    Feature("artifact",
            "Inputs.artifacts Outputs.artifacts InputArtifact.artifactType OutputArtifact.artifactType ArtifactType "
            "OutputArtifact.metadata ArtifactSource TaskOutputArtifact",
            "`parameters`: the companion (name, type, URI, metadata, cache key); `artifacts`: the content, by its key"),
    Feature("list of artifacts", "InputArtifact.isArtifactList OutputArtifact.isArtifactList",
            "the list of companions; `artifacts`: numbered places, as many as a constant loop has, else 32 or more"),
    Feature("properties of before SDK 2.0",
            "Importer.properties Importer.customProperties OutputArtifact.properties OutputArtifact.customProperties",
            "refused", "deprecated"),
    Feature("nested pipeline", "Component.dag Dag.tasks", "`dag` template"),
    Feature("outputs of a pipeline",
            "Dag.outputs DagOutputs ArtifactSelectors ArtifactSelector DagOutputParameter.valueFromParameter "
            "ParameterSelector",
            "`valueFrom` of the template's outputs: an `expression`"),
    Feature("order without data", "Task.dependentTasks", "`depends`"),
    Feature("ParallelFor",
            "Task.parameterIterator ParameterIterator ParameterItems Task.artifactIterator ArtifactIterator "
            "ArtifactItems",
            "a `dag` template of its own around `withSequence`, over the indices of the list"),
    Feature("parallelism", "Task.iteratorPolicy IteratorPolicy", "`parallelism` of that template"),
    Feature("Collected", "ParameterSource.taskOutputParameter ArtifactSource.taskOutputArtifact",
            "an `expression` that gathers by type; an empty loop gathers an empty list"),
    Feature("If, Elif, Else", "Task.triggerPolicy Trigger.condition", "`when`: the CEL as Argo's expression"),
    Feature("OneOf", "DagOutputParameter.valueFromOneof ParameterSelectors ArtifactSelectors",
            "an `expression`: the first output that is there"),
    Feature("exit handler, ignore_upstream_failure", "Trigger.strategy",
            "`depends` on every end of what is before it; an exit task and its group are the `target` of the DAG"),
    Feature("final status", "ParameterSource.taskFinalStatus TaskFinalStatus", "an expression of the group's status"),
    Feature("retry", "Task.retryPolicy Retry", "`retryStrategy`; the longest back-off is its `cap`"),
    Feature("caching", "Task.cachingOptions Caching",
            "`memoize`: the key is a SHA-256 of executor, pod, parameters and companions"),
    Feature("resources, accelerators", "Container.resources Resources Accelerator",
            "`resources` of the container; where a task decides them, `podSpecPatch`"),
    Feature("variables", "Container.env Env", "`env`, braces shielded"),
    Feature("pre-cache check", "Container.lifecycle Lifecycle Exec", "refused", "lifecycle"),
    Feature("resolver, custom job", "Executor.resolver Resolver ArtifactQuery Executor.customJob CustomJob",
            "refused", "executor"),
    Feature("configuration handed to a task", "Component.taskConfigPassthroughs TaskConfigPassthrough",
            "refused", "task-config"),
    Feature("platform of a single component", "Component.singlePlatformSpecs", "refused", "platform"),
    Feature("platform", "Platform.platforms SinglePlatform.deploymentSpec SinglePlatform.pipelineConfig "
            "PlatformDeployment SinglePlatform.platform", "what follows, for `kubernetes`"),
    Feature("configuration of another platform", "SinglePlatform.config", "refused", "platform"),
    Feature("TTL, deadline of the pipeline",
            "PipelineConfig.resourceTtlOnCompletion PipelineConfig.resourceTtlOnSuccess "
            "PipelineConfig.resourceTtlOnFailure PipelineConfig.activeDeadlineSeconds",
            "`ttlStrategy`, `activeDeadlineSeconds` of the workflow"),
    Feature("workspace", "PipelineConfig.workspace Workspace WorkspaceClaim", "`volumeClaimTemplates`"),
    Feature("Secret, ConfigMap, field as variable",
            "Pod.secretAsEnv SecretAsEnv SecretKeyToEnv Pod.configMapAsEnv ConfigMapAsEnv ConfigMapKeyToEnv "
            "Pod.fieldPathAsEnv FieldPathAsEnv",
            "`env`: `valueFrom`"),
    Feature("Secret, ConfigMap, claim, empty folder, ephemeral volume, shared memory as files",
            "Pod.secretAsVolume SecretAsVolume Pod.configMapAsVolume ConfigMapAsVolume Pod.pvcMount PvcMount "
            "Pod.emptyDirMounts EmptyDirMount Pod.genericEphemeralVolume GenericEphemeralVolume "
            "Pod.enabledSharedMemory EnabledSharedMemory",
            "`volumes` and `volumeMounts`"),
    Feature("node selector, tolerations, affinity",
            "Pod.nodeSelector NodeSelector Pod.tolerations Toleration Pod.nodeAffinity NodeAffinity "
            "SelectorRequirement Pod.podAffinity PodAffinity",
            "`nodeSelector`, `tolerations`, `affinity`; where a task decides them, `podSpecPatch`"),
    Feature("labels, annotations", "Pod.podMetadata PodMetadata", "`metadata` of the template"),
    Feature("pull policy", "Pod.imagePullPolicy", "`imagePullPolicy`"),
    Feature("pull secrets", "Pod.imagePullSecret ImagePullSecret",
            "`podSpecPatch`, since Argo's own field is for all tasks at once"),
    Feature("security context", "Pod.securityContext SecurityContext", "`securityContext` of the container"),
    Feature("timeout", "Pod.activeDeadlineSeconds", "`activeDeadlineSeconds` of the template"),
)  # fmt: skip


def named(feature: Feature) -> Iterator[str]:
    """Its fields, each as `Message.field`."""
    for name in feature.fields.split():
        yield from [name] if "." in name else [f"{name}.{field}" for field in fields.members(name)]


def refuse_unknown(spec: dict[str, Any], platform: Mapping[str, Any], refusals: Refusals) -> None:
    """Refuse every field that has no form here, so that none is dropped without a word.

    Every task of `spec` has an executor of its own.
    """
    for document, message in ((spec, fields.PIPELINE), (platform, fields.PLATFORM)):
        for field in fields.written(document, message):
            if field.name not in _known() and field.value not in ({}, [], "", False):
                _refuse(field, spec, refusals)
    for other in sorted(platform.get("platforms", {}).keys() - {"kubernetes"}):
        refusals.add("platform", "", f"its PlatformSpec is for {other}, and Argo runs on Kubernetes")


def _refuse(field: fields.Field, spec: dict[str, Any], refusals: Refusals) -> None:
    path = _reader_s_path(field.path, spec)
    if feature := _refused().get(field.name):
        refusals.add(feature.reason, path, f"{field.path[-1]}: {feature.name} has no form in Argo")
        return
    owner, _, name = field.name.partition(".?")
    near = fields.near(owner, name)
    refusals.add("field", path, f"{name}: KFP 2.17 has no such field", f"did you mean {near}?" if near else "")


def _reader_s_path(path: tuple[str | int, ...], spec: dict[str, Any]) -> str:
    """The path of the task that a field belongs to, where it is an executor's or a component's; else the field's."""
    for task_path, _, _, component in tasks(spec):
        label = spec["components"][component].get("executorLabel")
        own = (("executors", label), ("components", component))
        if any((first, second) in own for first, second in pairwise(path)):
            return task_path
    return format_path(path[:-1])


@cache
def _known() -> frozenset[str]:
    return frozenset(name for feature in FEATURES if not feature.reason for name in named(feature))


@cache
def _refused() -> dict[str, Feature]:
    return {name: feature for feature in FEATURES if feature.reason for name in named(feature)}
