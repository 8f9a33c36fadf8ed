"""Caching as Argo's memoization: the key of what a task's outputs depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from generators.engines.argo.text.artifacts import travelling
from generators.engines.argo.text.expressions import literal, member, tag
from generators.engines.argo.text.names import short
from generators.engines.argo.text.values import own_input
from generators.ir.overlay import OWN_VARIABLES
from generators.ir.view import Component, Pod, Task
from generators.ir.view.tree import ARTIFACTS, PARAMETERS, Tree

# What the PlatformSpec says of a pod and its step does not see.
_UNSEEN = {"podMetadata", "imagePullPolicy", "imagePullSecret", "activeDeadlineSeconds"}


def digest(task: Task, component: Component, executor: Tree, pod: Pod, root: str = "") -> str:
    """A digest of all that a task is but its inputs, "" where it is not cached.

    It covers what can change the task's outputs: the executor with its variables but graft's own, which say what ran
    for the record; what the PlatformSpec says of its pod (so the names of secrets too) but labels, timeouts and how its
    image is pulled; the outputs but their descriptions; the pipeline's `root`, where its artifacts lie. A key that the
    author has chosen stands for all of that, and for the inputs.
    """
    if not task.is_cached:
        return ""
    if task.cache_key:
        return hashlib.sha256(task.cache_key.encode()).hexdigest()
    outputs = _undescribed(component.tree.get("outputDefinitions", {}))
    fixed = json.dumps([_seen_by_step(executor), _seen_in_pod(pod), outputs, root], sort_keys=True)
    return hashlib.sha256(fixed.encode()).hexdigest()


def key(task: Task, component: Component, fixed: str, extra: Iterable[str] = ()) -> str:
    """The expression of the task's cache key, from the digest of what is `fixed` and what comes in.

    That is the parameters, those of the pod too (`extra`: an image or a Secret's name that another task decides), and
    of each artifact the cache key of the task that made it, or all its metadata where it has none.
    A SHA-256 in hexadecimal fits the pattern that Argo demands.
    """
    parts = [literal(fixed)]
    if task.cache_key:
        return parts[0]
    for name in sorted(component.inputs(PARAMETERS)):
        parts += [literal(f"\n{name} "), own_input(name)]
    for name in sorted(extra):
        parts += [literal(f"\n{name} "), member("inputs.parameters", name)]
    for name in sorted(component.inputs(ARTIFACTS)):
        parts += [literal(f"\n{name} "), _artifacts(own_input(name))]
    return f"sprig.sha256sum({' + '.join(parts)})"


def _seen_by_step(executor: Tree) -> Tree:
    own = [variable for variable in executor.get("env", ()) if variable["name"] not in OWN_VARIABLES]
    return {**executor, "env": own}


def _seen_in_pod(pod: Pod) -> Tree:
    seen = {name: setting for name, setting in pod.tree.items() if name not in _UNSEEN}
    takes_metadata = any(path.startswith("metadata.") for _, path in pod.fields)
    return seen | ({"podMetadata": pod.tree.get("podMetadata", {})} if takes_metadata else {})


def _undescribed(outputs: Tree) -> Tree:
    return {
        kind: {name: {part: of for part, of in spec.items() if part != "description"} for name, spec in each.items()}
        for kind, each in outputs.items()
    }


def memoize(expression: str, pipeline: str, template: str) -> dict[str, Any]:
    """The part of a template that makes Argo look among what it remembers of the task first.

    Each task has a ConfigMap of its own, since one holds no more than 1 MiB, and a task fails that finds it full.
    """
    name = short(f"graft-cache-{pipeline}-{template}")
    return {"key": tag(expression), "maxAge": "", "cache": {"configMap": {"name": name}}}


def _artifacts(reference: str) -> str:
    return f"join(map({travelling(reference)}, #.cacheKey ?? toJson(#)), ' ')"
