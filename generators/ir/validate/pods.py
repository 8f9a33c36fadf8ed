"""Whether what the PlatformSpec takes from elsewhere for a pod is there, and is what the pod can have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from generators.inventory.paths import KeyPath
from generators.ir.validate import kubernetes, placement, references
from generators.ir.validate.problem import shown
from generators.ir.validate.scope import Scope
from generators.ir.view import Pod, Source
from generators.ir.view.pod import claim
from generators.ir.view.tree import PARAMETERS, Tree

_AT = ("platforms", "kubernetes", "deploymentSpec", "executors")


def check(scope: Scope) -> None:
    """Add a problem for every source of a pod that leads nowhere, or is not what it should be."""
    for path, component in scope.components:
        for _, task in scope.tasks(component, path):
            inner = scope.of_task(task)
            pod = scope.pipeline.pods.get(inner.executor) if inner else None
            for source, at in _sources(pod or {}, (*_AT, inner.executor if inner else "")):
                references.source(scope, component, path, source, PARAMETERS, at)
    for label, pod in scope.pipeline.pods.items():
        for source, at in _sources(pod, (*_AT, label)):
            if source.is_constant:
                _constant(scope, source.value, at)
        if scope.intact(*_AT, label):
            _mounts(scope, Pod(pod), (*_AT, label))
            for index, toleration in enumerate(pod.get("tolerations", ())):
                _toleration(scope, toleration, (*_AT, label, "tolerations", index))


def _mounts(scope: Scope, pod: Pod, at: KeyPath) -> None:
    for path, count in Counter(mount.path.rstrip("/") for mount in pod.mounts).items():
        if count > 1:
            message = f"{count} volumes are mounted at {path}, and Kubernetes takes one"
            scope.add("mount", at, message, path, fix="mount each at a path of its own")


def _toleration(scope: Scope, entry: Tree, at: KeyPath) -> None:
    """https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling"""
    exists = entry.get("operator") == "Exists"
    if exists and entry.get("value"):
        scope.add("toleration", at, "Exists compares no value", entry["value"], "Equal with a value, or Exists alone")
    if not exists and not entry.get("key") and "tolerationJson" not in entry:
        scope.add("toleration", at, "without a key its operator must be Exists", allowed="a key, or Exists")
    if "tolerationSeconds" in entry and entry.get("effect") != "NoExecute":
        found = entry.get("effect", "") or "no effect"
        scope.add("toleration", at, "tolerationSeconds is for the effect NoExecute alone", found, "NoExecute")


def _sources(pod: Tree, path: KeyPath) -> Iterator[tuple[Source, KeyPath]]:
    """Every source in the settings of a pod, with its path."""
    for field, value in pod.items():
        for index, entry in enumerate(value) if isinstance(value, list) else [(None, value)]:
            at = (*path, field) if index is None else (*path, field, index)
            if not isinstance(entry, dict):
                continue
            if field == "pvcMount" and not entry.keys() & {"constant", "pvcNameParameter"}:
                yield claim(entry), at
            for key in entry:
                if key.endswith(("NameParameter", "Json")):
                    yield Source.of(entry[key]), (*at, key)


def _constant(scope: Scope, value: Any, at: KeyPath) -> None:
    field, here = str(at[-1]), (*at, "runtimeValue", "constant")
    if not field.endswith("Json"):
        if not isinstance(value, str) or not value:
            scope.add("value", at, "names nothing", shown(value), "the name of an object")
            return
        scope.found.extend(kubernetes.of_form(kubernetes.NAME, value, here))
        return
    try:
        value = json.loads(value) if isinstance(value, str) and value else value
    except (ValueError, RecursionError):
        scope.add("value", here, "is not JSON", shown(value))
        return
    if value:
        scope.found.extend(placement.problems(field, value, here))
