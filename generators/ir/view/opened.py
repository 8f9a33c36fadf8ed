"""A compiled pipeline that is about to be changed: copies of just the mappings that a change sets keys of.

All that is left alone is shared with what it was made from, and stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """Both documents, and the parts of them whose keys may be set: executors, and pods, each by executor label.

    `config` are the settings of the run as a whole, where it runs on Kubernetes.
    """

    spec: Document
    platform: Document
    executors: dict[str, Document]
    pods: dict[str, Document]
    config: Document

    @property
    def parameters(self) -> dict[str, Document]:
        """What the pipeline declares of each of its parameters."""
        return self.spec["root"].get("inputDefinitions", {}).get("parameters", {})


def opened(spec: Document, platform: Document) -> Opened:
    """A PipelineSpec and a PlatformSpec whose tasks, parameters, executors and pods may have keys set or replaced."""
    deployment, platforms = spec.get("deploymentSpec", {}), platform.get("platforms", {})
    executors = {
        label: {kind: dict(body) for kind, body in executor.items()}
        for label, executor in deployment.get("executors", {}).items()
    }
    kubernetes = platforms.get("kubernetes", {})
    settings = kubernetes.get("deploymentSpec", {})
    pods = {label: dict(pod) for label, pod in settings.get("executors", {}).items()}
    own_spec = spec | {
        "root": _with_own_parameters(_with_own_tasks(spec["root"])),
        "components": {name: _with_own_tasks(component) for name, component in spec.get("components", {}).items()},
        "deploymentSpec": deployment | {"executors": executors},
    }
    config = dict(kubernetes.get("pipelineConfig", {}))
    own_kubernetes = kubernetes | {"deploymentSpec": settings | {"executors": pods}, "pipelineConfig": config}
    own_platform = platform | {"platforms": platforms | {"kubernetes": own_kubernetes}}
    return Opened(own_spec, own_platform, executors, pods, config)


def _with_own_tasks(component: Document) -> Document:
    if "dag" not in component:
        return dict(component)
    tasks = {key: dict(task) for key, task in component["dag"].get("tasks", {}).items()}
    return component | {"dag": component["dag"] | {"tasks": tasks}}


def _with_own_parameters(root: Document) -> Document:
    inputs = root.get("inputDefinitions", {})
    if not inputs.get("parameters"):
        return root
    own = {name: dict(declared) for name, declared in inputs["parameters"].items()}
    return root | {"inputDefinitions": inputs | {"parameters": own}}


def without_empty(value: Any) -> Any:
    """A tree of mappings without those that hold nothing, so that nothing to say is not said."""
    if not isinstance(value, dict):
        return value
    kept = {key: without_empty(item) for key, item in value.items()}
    return {key: item for key, item in kept.items() if item != {}}
