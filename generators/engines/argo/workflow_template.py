"""From a compiled pipeline to a WorkflowTemplate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from generators.engines.argo import features, limits
from generators.engines.argo.graph.compilation import Compilation
from generators.engines.argo.pod import defaults, metadata
from generators.engines.argo.refusals import Refusal, Refusals
from generators.engines.argo.submit import API_VERSION
from generators.engines.argo.task import python
from generators.engines.argo.task.task_template import Context
from generators.engines.argo.text.artifacts import DEFAULT_ROOT, Store
from generators.engines.argo.text.names import with_hash
from generators.errors import Refused
from generators.ir import validate
from generators.ir.definitions import CONTENT_LABEL, hash_of_text
from generators.ir.split import split_executors
from generators.ir.values import integers
from generators.ir.view import Pipeline

_TTL = {
    "resourceTtlOnCompletion": "secondsAfterCompletion",
    "resourceTtlOnSuccess": "secondsAfterSuccess",
    "resourceTtlOnFailure": "secondsAfterFailure",
}
_SHOWN = {"displayName": "title", "description": "description"}  # field to the annotation that Argo's pages show
# A pod that is over costs nothing but room in etcd; its log is worth more while somebody may look at it.
_POD_GC = {"strategy": "OnWorkflowCompletion", "deleteDelayDuration": "1h"}
_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 8737,  # the user of Argo's own image of its executor
    "seccompProfile": {"type": "RuntimeDefault"},
}
# Uploads what the step's user alone may read; the baseline level allows that, the restricted one does not.
_READS_ALL = _RESTRICTED | {
    "capabilities": {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]},
    "runAsNonRoot": False,
    "runAsUser": 0,
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
    run_labels  of every Workflow that is made of the template
    executor    the service account whose token Argo's own container uses, where the pods' own token is not mounted
    accounts    the service accounts of steps that ask the API server something, which are given its token, by path
    """

    name: str = ""
    namespace: str = ""
    root: str = ""
    account: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    restricted: bool = False
    source: str = ""
    run_labels: Mapping[str, str] = field(default_factory=dict)
    executor: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)


def convert(
    spec: Mapping[str, Any], platform: Mapping[str, Any] | None = None, options: Options | None = None
) -> dict[str, Any]:
    """The WorkflowTemplate of any compiled pipeline; Refused with all that is wrong with it or that Argo cannot do."""
    options = options or Options()
    problems = validate.problems(spec, platform)
    sound = validate.sound_part(spec, platform, problems)
    compiled = compile_template(*sound, options) if sound else Compiled(None, ())
    name = options.source or (Pipeline.of(sound[0]).name if sound else "pipeline")
    found = [*validate.findings(problems, name), *(refusal.finding(name) for refusal in compiled.refusals)]
    if problems or not compiled.manifest:
        raise Refused(found)
    return compiled.manifest


@dataclass(frozen=True)
class Compiled:
    """What became of a pipeline: its WorkflowTemplate with what it may fail on, or every reason why there is none."""

    manifest: dict[str, Any] | None
    refusals: tuple[Refusal, ...]


def compile_template(
    spec: Mapping[str, Any], platform: Mapping[str, Any] | None = None, options: Options | None = None
) -> Compiled:
    """The WorkflowTemplate of a pipeline that is sound, which `generators.ir.validate` has said before."""
    options, refusals = options or Options(), Refusals()
    pipeline = _own_executors(_in_order(spec), _in_order(platform or {}))
    refusals.found += features.other_platforms(platform or {})
    store = Store.of(DEFAULT_ROOT)
    with refusals.at("", ("storage",)):
        store = Store.of(options.root or pipeline.storage or DEFAULT_ROOT)
    compilation = Compilation(Context(pipeline, store, refusals))
    body = compilation.body() | {"podSpecPatch": _patch(options.restricted)}
    body |= defaults.take_out(body["templates"], python.command())
    body |= _of_pipeline(pipeline.config)
    body |= {"securityContext": {"runAsNonRoot": True}} if options.restricted else {}
    body |= _accounts(body["templates"], compilation, options)
    body |= metadata.take_out(body["templates"])
    body |= {"workflowMetadata": {"labels": dict(options.run_labels)}} if options.run_labels else {}
    body |= {"podGC": dict(_POD_GC)} if options.run_labels else {}
    content = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    for template, problem in limits.problems(body["templates"], content):
        refusals.add(
            "size", compilation.path(template), problem, "pass what is large as an artifact, or split the pipeline"
        )
    manifest = None if refusals.is_refused else _manifest(pipeline, body, hash_of_text(content), options)
    return Compiled(manifest, tuple(refusals.found))


def _manifest(pipeline: Pipeline, body: dict[str, Any], content: str, options: Options) -> dict[str, Any]:
    info = pipeline.info
    annotations = {f"workflows.argoproj.io/{word}": info[field] for field, word in _SHOWN.items() if info.get(field)}
    named: dict[str, Any] = {"name": options.name or with_hash(pipeline.name, content)}
    named |= {"namespace": options.namespace} if options.namespace else {}
    named["labels"] = {**options.labels, CONTENT_LABEL: content}
    named |= {"annotations": annotations} if annotations else {}
    return {"apiVersion": API_VERSION, "kind": "WorkflowTemplate", "metadata": named, "spec": body}


def _accounts(templates: list[dict[str, Any]], compilation: Compilation, options: Options) -> dict[str, Any]:
    """As whom pods run. A step's container has a token of the API server only where the step asks for one."""
    found = {"serviceAccountName": options.account} if options.account else {}
    if options.executor:
        found |= {"automountServiceAccountToken": False, "executor": {"serviceAccountName": options.executor}}
    for template in templates:
        if account := options.accounts.get(compilation.path(template["name"])):
            template |= {"serviceAccountName": account, "automountServiceAccountToken": True}
    return found


def _own_executors(spec: dict[str, Any], platform: dict[str, Any]) -> Pipeline:
    """The pipeline with an executor of its own for every task; what an overlay has made has them already."""
    pipeline = Pipeline.of(spec, platform)
    used = [task.component for _, task in pipeline.walk()]
    labels = [label for name in used if (label := pipeline.component(name).executor)]
    if len(set(used)) == len(used) and len(set(labels)) == len(labels):
        return pipeline
    return Pipeline.of(*split_executors(spec, platform))


def _in_order(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with sorted keys and whole numbers, since a message of protobuf gives maps in any order, and doubles."""
    return json.loads(json.dumps(value, sort_keys=True), parse_float=lambda text: integers(float(text)))


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


@cache
def _patch(restricted: bool) -> str:
    """Argo's own containers with as little as they need; the controller leaves that to its configuration."""
    contexts = {
        "initContainers": ("init", _RESTRICTED),
        "containers": ("wait", _RESTRICTED if restricted else _READS_ALL),
    }
    patch = {kind: [{"name": name, "securityContext": context}] for kind, (name, context) in contexts.items()}
    return json.dumps(patch)
