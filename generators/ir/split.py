"""Give every step an executor of its own, so that what an overlay says of one step stays with that step.

kfp 2.17 compiles an executor for each task; older SDKs, and a nested pipeline used twice, share one between tasks.
"""

from __future__ import annotations

import copy
from typing import Any


def split_executors(spec: dict[str, Any], platform: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A PipelineSpec and a PlatformSpec in which no two tasks refer to the same component or executor.

    They are the same objects where that is so already, and copies where it is not.
    """
    if not _shared(spec):
        return spec, platform
    spec, platform = copy.deepcopy(spec), copy.deepcopy(platform)
    _split_dag(spec, platform, spec["root"].get("dag", {}), seen=set())
    return spec, platform


def _shared(spec: dict[str, Any]) -> bool:
    """Whether two tasks refer to the same component, or two components to the same executor."""
    components = spec.get("components", {})
    dags = [component["dag"] for component in (spec["root"], *components.values()) if "dag" in component]
    used = [task["componentRef"]["name"] for dag in dags for task in dag.get("tasks", {}).values()]
    labels = [component["executorLabel"] for component in components.values() if component.get("executorLabel")]
    return len(used) > len(set(used)) or len(labels) > len(set(labels))


def _split_dag(spec: dict[str, Any], platform: dict[str, Any], dag: dict[str, Any], seen: set[str]) -> None:
    for key, task in dag.get("tasks", {}).items():
        name = task["componentRef"]["name"]
        if name in seen:
            name = _copied_component(spec, name, key)
            task["componentRef"]["name"] = name
        seen.add(name)
        component = spec["components"][name]
        if (label := component.get("executorLabel")) and f"executor {label}" in seen:
            component["executorLabel"] = _copied_executor(spec, platform, label, name)
        seen.add(f"executor {component.get('executorLabel')}")
        _split_dag(spec, platform, component.get("dag", {}), seen)


def _copied_component(spec: dict[str, Any], name: str, task: str) -> str:
    fresh = _fresh(f"comp-{task}", spec["components"])
    spec["components"][fresh] = copy.deepcopy(spec["components"][name])
    return fresh


def _copied_executor(spec: dict[str, Any], platform: dict[str, Any], label: str, component: str) -> str:
    executors = spec["deploymentSpec"]["executors"]
    fresh = _fresh(component.replace("comp-", "exec-", 1), executors)
    executors[fresh] = copy.deepcopy(executors[label])
    for settings in platform.get("platforms", {}).values():
        by_label = settings.get("deploymentSpec", {}).get("executors", {})
        if label in by_label:
            by_label[fresh] = copy.deepcopy(by_label[label])
    return fresh


def _fresh(wanted: str, taken: dict[str, Any]) -> str:
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return wanted if wanted not in taken else f"{wanted}-{number}"
