"""The pods that controllers make of what is rendered, as far as their sources say it.

Argo Workflows (workflow/controller/workflowpod.go, v4.1): a pod for each template with a container, with Argo's own
containers `init` and `wait` beside it, of which nothing is known but what the podSpecPatch says.
Kubeflow Pipelines 2.17 (backend/src/v2/compiler/argocompiler/container.go and security_context.go, driver/k8s.go): the
same of its own template, whose main container is patched with what the PlatformSpec says; Argo's containers are as
its manifests' workflow-controller-configmap has them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

_KFP_CONTEXT = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
_KFP_OWN = {**_KFP_CONTEXT, "runAsNonRoot": True, "runAsUser": 65532}


def pods_of(obj: Object) -> Iterator[tuple[str, Object]]:
    """(name, pod) for every pod that is made of an object; a pod has `metadata` and `spec`."""
    kind = obj.get("kind", "")
    spec = obj.get("spec", {})
    if kind == "Pod":
        yield "pod", obj
    elif kind == "CronJob":
        yield "job", spec["jobTemplate"]["spec"]["template"]
    elif kind in ("Job", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
        yield "template", spec["template"]
    elif kind == "TFJob":
        yield from ((name, replica["template"]) for name, replica in spec["tfReplicaSpecs"].items())
    elif kind == "InferenceService":
        yield from ((part, _service(spec[part])) for part in ("predictor", "transformer", "explainer") if part in spec)
    elif kind in ("Workflow", "WorkflowTemplate"):
        yield from _argo(spec)
    elif kind == "PipelineVersion":
        yield from _kubeflow(spec)


def _service(part: Object) -> Object:
    framework = [{"name": "kserve-container", **part["model"]}] if "model" in part else []
    containers = [
        *part.get("containers", []),
        *({k: v for k, v in each.items() if k in _CONTAINER} for each in framework),
    ]
    return {
        "spec": {**{k: v for k, v in part.items() if k in ("securityContext", "volumes")}, "containers": containers}
    }


_CONTAINER = ("name", "image", "securityContext", "ports", "env", "resources")


def _argo(spec: Object) -> Iterator[tuple[str, Object]]:
    defaults = spec.get("templateDefaults", {})
    for template in spec.get("templates", ()):
        if "container" not in template and "script" not in template:
            continue
        kind = "container" if "container" in template else "script"
        main = _merged(defaults.get(kind, {}), template[kind])
        pod = {
            "securityContext": template.get("securityContext", spec.get("securityContext", {})),
            "volumes": [*spec.get("volumes", ()), *template.get("volumes", ())],
            "initContainers": [{"name": "init"}, *template.get("initContainers", ())],
            "containers": [{"name": "wait"}, {**main, "name": "main"}, *template.get("sidecars", ())],
        }
        patches = (text for each in (spec, template) if (text := each.get("podSpecPatch")))
        for patch in patches:
            pod = _merged(pod, _read(patch))
        yield template["name"], {"metadata": template.get("metadata", {}), "spec": pod}


def _read(patch: str) -> Object:
    """A patch, or none where a task decides what is in it."""
    return {} if "{{" in patch else json.loads(patch)


def _kubeflow(spec: Object) -> Iterator[tuple[str, Object]]:
    settings = spec.get("platformSpec", {}).get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {})
    for name, executor in spec["pipelineSpec"].get("deploymentSpec", {}).get("executors", {}).items():
        said = settings.get("executors", {}).get(name, {}).get("securityContext", {})
        own = {field: int(said[field]) for field in ("runAsUser", "runAsGroup") if field in said}
        own |= {"runAsNonRoot": said["runAsNonRoot"]} if "runAsNonRoot" in said else {}
        context = _KFP_OWN if "importer" in executor else {**_KFP_CONTEXT, **own}
        pod = {
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "volumes": [{"name": "kfp-launcher", "emptyDir": {}}],
            "initContainers": [{"name": each, "securityContext": _KFP_OWN} for each in ("init", "kfp-launcher")],
            "containers": [{"name": "wait", "securityContext": _KFP_OWN}, {"name": "main", "securityContext": context}],
        }
        yield name, {"metadata": {}, "spec": pod}


def _merged(tree: Any, patch: Any) -> Any:
    """Kubernetes' strategic merge as far as patches go: mappings by key, containers by name."""
    if isinstance(tree, dict) and isinstance(patch, dict):
        return {
            key: _merged(tree.get(key), patch.get(key)) if key in patch else copy.deepcopy(tree[key])
            for key in {**tree, **patch}
        }
    if (
        isinstance(tree, list)
        and isinstance(patch, list)
        and all(isinstance(each, dict) and "name" in each for each in patch)
    ):
        named = {each["name"]: each for each in tree}
        return [*({**named} | {each["name"]: _merged(named.get(each["name"], {}), each) for each in patch}).values()]
    return copy.deepcopy(patch)
