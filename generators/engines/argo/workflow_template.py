"""From a compiled pipeline to a WorkflowTemplate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from generators.engines.argo import features, limits
from generators.engines.argo.graph.compilation import Compilation
from generators.engines.argo.refusals import Refusals
from generators.engines.argo.submit import API_VERSION
from generators.engines.argo.task import python
from generators.engines.argo.task.task_template import Context
from generators.engines.argo.text.artifacts import DEFAULT_ROOT, Store
from generators.engines.argo.text.names import plain, with_hash
from generators.errors import GraftError
from generators.inventory.paths import format_path
from generators.ir import fields
from generators.ir.definitions import CONTENT_LABEL, DEFINITION_LABEL, Definition, hash_of
from generators.ir.split import split_executors
from generators.ir.values import integers
from generators.model import Cluster, Environment

_TTL = {
    "resourceTtlOnCompletion": "secondsAfterCompletion",
    "resourceTtlOnSuccess": "secondsAfterSuccess",
    "resourceTtlOnFailure": "secondsAfterFailure",
}
_SHOWN = {"displayName": "title", "description": "description"}  # field to the annotation that Argo's pages show
_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 8737,  # the user of Argo's own image of its executor
    "seccompProfile": {"type": "RuntimeDefault"},
}


@dataclass(frozen=True)
class Options:
    """What a manifest needs beside the pipeline.

    name        of the WorkflowTemplate; by default the pipeline's, with the hash of the content
    namespace   by default none: that of whoever applies it
    root        the pipeline root, in the bucket of the cluster's artifact repository; by default the IR's own
    account     the service account that pods run as; by default the namespace's own
    labels      of the WorkflowTemplate
    restricted  whether the namespace takes only pods of the restricted level, so that no container may run as root
    source      the file that the pipeline was read from, for findings
    """

    name: str = ""
    namespace: str = ""
    root: str = ""
    account: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    restricted: bool = False
    source: str = ""


def render(
    definition: Definition, environment: Environment, cluster: Cluster, spec: dict[str, Any], platform: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """File name to objects: the WorkflowTemplate, its name ending in the hash of what it holds."""
    options = Options(
        namespace=environment.namespace,
        labels={DEFINITION_LABEL: definition.hash},
        restricted=cluster.pod_security == "restricted",
        source=definition.path,
    )
    return {"workflowtemplate.yaml": [convert(spec, platform, options)]}


def convert(
    spec: Mapping[str, Any], platform: Mapping[str, Any] | None = None, options: Options | None = None
) -> dict[str, Any]:
    """The WorkflowTemplate of a compiled pipeline; Refused with every reason where it has no form in Argo."""
    options = options or Options()
    refusals = Refusals(options.source)
    try:
        return _converted(spec, platform, options, refusals)
    except (LookupError, TypeError, AttributeError, ValueError):
        _refuse_malformed(spec, platform or {}, refusals)
        raise


def _converted(
    spec: Mapping[str, Any], platform: Mapping[str, Any] | None, options: Options, refusals: Refusals
) -> dict[str, Any]:
    pipeline = spec.get("pipelineInfo", {}).get("name") or "pipeline"
    refusals.source = options.source or pipeline
    _refuse_broken(spec, refusals)
    own_spec, own_platform = split_executors(_in_order(spec), _in_order(platform or {}))
    features.refuse_unknown(own_spec, own_platform, refusals)
    store = _store(options.root or spec.get("defaultPipelineRoot") or DEFAULT_ROOT, refusals)
    kubernetes = own_platform.get("platforms", {}).get("kubernetes", {})
    context = Context(
        pipeline=plain(pipeline),
        store=store,
        executors=own_spec.get("deploymentSpec", {}).get("executors", {}),
        pods=kubernetes.get("deploymentSpec", {}).get("executors", {}),
        refusals=refusals,
        workspace="workspace" in kubernetes.get("pipelineConfig", {}),
    )
    body = Compilation(context, own_spec).body() | {"podSpecPatch": _patch()}
    body |= _shared_command(body["templates"])
    body |= _of_pipeline(kubernetes.get("pipelineConfig", {}))
    body |= {"securityContext": {"runAsNonRoot": True}} if options.restricted else {}
    body |= {"serviceAccountName": options.account} if options.account else {}
    manifest = _manifest(spec.get("pipelineInfo", {}), body, options)
    for template, problem in limits.problems(manifest):
        refusals.add("size", template, problem, "pass what is large as an artifact, or split the pipeline")
    refusals.check()
    return manifest


def _refuse_malformed(spec: Mapping[str, Any], platform: Mapping[str, Any], refusals: Refusals) -> None:
    """Refuse what is no compiled pipeline, where that is why it could not be read; KFP's compiler writes none such."""
    for document, message in ((spec, fields.PIPELINE), (platform, fields.PLATFORM)):
        for path, problem in fields.malformed(document, message):
            refusals.add("malformed", format_path(path), problem)
    refusals.check()


def _manifest(info: Mapping[str, str], body: dict[str, Any], options: Options) -> dict[str, Any]:
    pipeline, content = info.get("name") or "pipeline", hash_of(body)
    annotations = {f"workflows.argoproj.io/{word}": info[field] for field, word in _SHOWN.items() if info.get(field)}
    metadata: dict[str, Any] = {"name": options.name or with_hash(pipeline, content)}
    metadata |= {"namespace": options.namespace} if options.namespace else {}
    metadata["labels"] = {**options.labels, CONTENT_LABEL: content}
    metadata |= {"annotations": annotations} if annotations else {}
    return {"apiVersion": API_VERSION, "kind": "WorkflowTemplate", "metadata": metadata, "spec": body}


def _in_order(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with sorted keys and whole numbers, since a message of protobuf gives maps in any order, and doubles."""
    return integers(json.loads(json.dumps(value, sort_keys=True)))


def _shared_command(templates: list[dict[str, Any]]) -> dict[str, Any]:
    """Takes the bootstrap out of the templates and states it once, as the default of a container's command."""
    containers = [template["container"] for template in templates if "container" in template]
    if not all("command" in container for container in containers):
        return {}  # the default would be taken for an image's own command
    bootstrapped = [container for container in containers if container["command"] == python.command()]
    for container in bootstrapped:
        del container["command"]
    return {"templateDefaults": {"container": {"command": python.command()}}} if bootstrapped else {}


def _store(root: str, refusals: Refusals) -> Store:
    try:
        return Store.of(root)
    except GraftError as error:
        refusals.take("", error, "storage")
        return Store.of(DEFAULT_ROOT)


def _refuse_broken(spec: Mapping[str, Any], refusals: Refusals) -> None:
    """What nothing that walks the IR could get past: components that are missing, or contain themselves."""
    components = spec.get("components", {})
    inside = {
        name: {
            task.get("componentRef", {}).get("name", "") for task in component.get("dag", {}).get("tasks", {}).values()
        }
        for name, component in {"root": spec.get("root", {}), **components}.items()
    }
    if not inside["root"]:
        refusals.add("graph", "root", "the pipeline has no tasks")
    for name, used in inside.items():
        for missing in sorted(used - components.keys()):
            refusals.add("graph", name, f"it uses the component {missing}, which is not there")
    try:
        TopologicalSorter(inside).prepare()
    except CycleError as error:
        refusals.add("cycle", error.args[1][0], f"it contains itself: {' -> '.join(error.args[1])}")
    refusals.check()


def _of_pipeline(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of the pipeline as a whole: its deadline, how long it is kept, its workspace."""
    kept = {name: int(config[field]) for field, name in _TTL.items() if config.get(field)}
    found: dict[str, Any] = {"ttlStrategy": kept} if kept else {}
    if config.get("activeDeadlineSeconds"):
        found["activeDeadlineSeconds"] = int(config["activeDeadlineSeconds"])
    if workspace := config.get("workspace"):
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": workspace["size"]}}}
        claim |= workspace.get("kubernetes", {}).get("pvcSpecPatch", {})
        found["volumeClaimTemplates"] = [{"metadata": {"name": "workspace"}, "spec": claim}]
    return found


def _patch() -> str:
    """Argo's own containers as a restricted namespace wants them; the controller leaves that to its configuration."""
    own = {"initContainers": "init", "containers": "wait"}
    patch = {kind: [{"name": name, "securityContext": _RESTRICTED}] for kind, name in own.items()}
    return json.dumps(patch)
