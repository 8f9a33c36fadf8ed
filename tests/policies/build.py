"""Makes the examples of the policies of pods: one pod that every policy admits, changed in one thing, everywhere.

`python -m tests.policies.build` writes `tests/policies/<rule>/{allowed,denied}/*.yaml`, a stream of documents each. A
document's first lines say what is not in it:

    # message: ...      of a denied one, what the policy says; written from what it says now, and read by people
    # facts: level=baseline production=true      facts that differ from FACTS
    # update: unchanged                          an UPDATE of an object that was the same before, or: changed

A pod stands in every kind that holds one (`everywhere`), and a container in every list of a pod (`containers`).
"""

from __future__ import annotations

import copy
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.policies.examples import FACTS, PODS, ROOT, Example, judged

Object = dict[str, Any]

IMAGE = "registry.test/ml/step@sha256:" + "1" * 64
CONTAINER = {
    "name": "main",
    "image": IMAGE,
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}
ACCOUNT = {"serviceAccountName": "trainer", "automountServiceAccountToken": False}
POD = {"serviceAccountName": "trainer", "automountServiceAccountToken": False, "containers": [CONTAINER]}
HARDENED = (
    '"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true, '
    '"runAsUser": 8737, "seccompProfile": {"type": "RuntimeDefault"}}'
)
READING = HARDENED.replace('["ALL"]', '["ALL"], "add": ["DAC_OVERRIDE"]').replace("true", "false").replace("8737", "0")
LISTS = ("containers", "initContainers", "ephemeralContainers")
FRAMEWORKS = (
    "model", "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm",
    "paddle", "art",
)  # fmt: skip


def changed(tree: Any, change: Any) -> Any:
    """A tree with another merged into it; None takes a key away."""
    if not isinstance(tree, dict) or not isinstance(change, dict):
        return copy.deepcopy(change)
    found = copy.deepcopy(tree)
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = changed(found.get(key), value)
    return found


def obj(api_version: str, kind: str, spec: Any, key: str = "spec", **metadata: Any) -> Object:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "one", "namespace": "ml", **metadata},
        key: spec,
    }


def everywhere(pod: Object, annotations: Mapping[str, str] | None = None) -> Iterator[Object]:
    """The pod in every kind that holds a PodSpec."""
    meta = {"annotations": dict(annotations)} if annotations else {}
    template = {"metadata": meta, "spec": pod}
    yield obj("v1", "Pod", pod, **meta)
    yield obj("v1", "PodTemplate", template, "template")
    yield obj("v1", "ReplicationController", {"template": template})
    for kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        yield obj("apps/v1", kind, {"template": template})
    yield obj("batch/v1", "Job", {"template": template})
    yield obj("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": template}}})
    yield obj("kubeflow.org/v1", "TFJob", {"tfReplicaSpecs": {"Worker": {"template": template}}})
    for part in ("predictor", "transformer", "explainer"):
        yield service({part: {**pod, **meta}})
    yield service({"predictor": {**ACCOUNT, "workerSpec": {**pod, **meta}}})


def service(spec: Object) -> Object:
    return obj("serving.kserve.io/v1beta1", "InferenceService", spec)


def workflows(spec: Object) -> Iterator[Object]:
    """A workflow's spec in every kind that holds one."""
    for kind in ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"):
        yield obj("argoproj.io/v1alpha1", kind, spec)
    yield obj("argoproj.io/v1alpha1", "CronWorkflow", {"workflowSpec": spec})


def workflow(**template: Any) -> Object:
    return {"templates": [{"name": "step", **template}], **ACCOUNT}


def containers(container: Object) -> Iterator[Object]:
    """The container in every place of every kind that holds one."""
    yield from everywhere({**POD, "containers": [container]})
    for name in LISTS[1:]:
        yield obj("v1", "Pod", {**POD, name: [{**container, "name": "more"}]})
    yield service({"predictor": {**ACCOUNT, "initContainers": [container]}})
    for framework in FRAMEWORKS:
        yield service({"predictor": {**ACCOUNT, framework: container}})
    yield from workflows(workflow(container=container))
    for where in ("initContainers", "sidecars"):
        more = {"container": CONTAINER, where: [{**container, "name": "more"}]}
        yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", workflow(**more))
    yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", workflow(script={**container, "source": "true"}))
    yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", workflow(containerSet={"containers": [container]}))


def defaults(container: Object) -> Iterator[Object]:
    """The container in every place of a workflow's templateDefaults, beside a template that says enough."""
    for where, value in (
        ("container", container), ("script", container), ("initContainers", [container]), ("sidecars", [container]),
        ("containerSet", {"containers": [container]}),
    ):  # fmt: skip
        spec = workflow(container=CONTAINER) | {"templateDefaults": {where: value}}
        yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", spec)


def from_defaults(field: str) -> Iterator[Object]:
    """A container and a script that say a field in the templateDefaults alone."""
    said = {key: value for key, value in CONTAINER.items() if key == field}
    bare = {key: value for key, value in CONTAINER.items() if key != field}
    for kind in ("container", "script"):
        spec = workflow(**{kind: bare}) | {"templateDefaults": {kind: said}}
        yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", spec)


def pods(pod: Object) -> Iterator[Object]:
    """What a pod says in every kind that holds one, and what a workflow, its templates and their defaults say alike."""
    whole = changed(POD, pod)
    yield from everywhere(whole)
    said = {key: value for key, value in whole.items() if key != "containers"}
    template = {"name": "step", "container": whole["containers"][0]}
    yield from workflows({"templates": [{**template, **said}]})
    yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", {"templates": [template], **said})
    yield obj("argoproj.io/v1alpha1", "WorkflowTemplate", {"templates": [template], "templateDefaults": said})


def step(container: Object | None = None, settings: Object | None = None) -> Object:
    """A pipeline of one step, as Kubeflow Pipelines has it."""
    resources = {"resourceCpuRequest": "1", "resourceMemoryRequest": "1Gi", "resourceMemoryLimit": "1Gi"}
    said = changed({"image": IMAGE, "resources": resources}, container or {})
    executors = {"exec-step": {"container": said}, "exec-import": {"importer": {}}}
    spec: Object = {"pipelineName": "one", "pipelineSpec": {"deploymentSpec": {"executors": executors}}}
    own = {"securityContext": {"runAsNonRoot": True}} if settings is None else settings
    platform = {"deploymentSpec": {"executors": {"exec-step": own}}}
    return obj(
        "pipelines.kubeflow.org/v2beta1",
        "PipelineVersion",
        spec | {"platformSpec": {"platforms": {"kubernetes": platform}}},
    )


def write(rule: str, verdict: str, name: str, documents: Iterator[Object] | list[Object], **comments: str) -> None:
    """Write a file of examples; what a policy says of each is asked of it."""
    facts = comments.pop("facts", "")
    texts = []
    for document in documents:
        said = (
            []
            if rule == PODS
            else judged(rule, Example(Path(), verdict, document, "", _facts(facts), comments.get("update", "")))
        )
        if (verdict == "denied") != bool(said):
            wrong.append(f"{rule}/{verdict}/{name}: {said or 'admitted'}: {_Plain.text(document)}")
        lines = [f"# message: {said[0]}"] if said else []
        lines += [f"# facts: {facts}"] if facts else []
        lines += [f"# update: {comments['update']}"] if "update" in comments else []
        texts.append("\n".join([*lines, _Plain.text(document)]))
    file = ROOT / rule / verdict / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("---\n".join(texts))


def _facts(text: str) -> dict[str, str]:
    return FACTS | dict(part.split("=", 1) for part in text.split()) if text else dict(FACTS)


class _Plain(yaml.SafeDumper):
    """Without aliases, mappings in short form where they are small."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    @classmethod
    def text(cls, document: Object) -> str:
        return yaml.dump(document, Dumper=cls, sort_keys=False, width=110, allow_unicode=True, default_flow_style=None)


wrong: list[str] = []  # examples of which a policy says something else


def main() -> None:
    """Write all examples, or those of the rules that are named."""
    from tests.policies import build, rules

    if not sys.argv[1:]:
        rules.of_all_pods()
    for rule in sys.argv[1:] or rules.RULES:
        shutil.rmtree(ROOT / rule, ignore_errors=True)
        rules.RULES[rule](rule)
    if build.wrong:
        sys.exit("\n".join(build.wrong))


Make = Callable[[str], None]

if __name__ == "__main__":
    main()
