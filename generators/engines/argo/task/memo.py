"""Caching as Argo's memoization: the key of what a task's outputs depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS
from generators.engines.argo.text.expressions import literal, member, tag
from generators.engines.argo.text.names import parameter, short


def key(
    task: Mapping[str, Any],
    component: Mapping[str, Any],
    executor: Any,
    pod: Mapping[str, Any],
    extra: Iterable[str] = (),
) -> str:
    """The expression of the task's cache key, "" where it is not cached.

    It covers the executor with its variables and what the PlatformSpec says of its pod (so the names of secrets too),
    the parameters, those of the pod too (`extra`: an image or a Secret's name that another task decides), and of each
    artifact the cache key of the task that made it, or all its companion where it has none.
    A SHA-256 in hexadecimal fits the pattern that Argo demands.
    """
    options = task.get("cachingOptions", {})
    if not options.get("enableCache"):
        return ""
    if options.get("cacheKey"):
        return literal(hashlib.sha256(options["cacheKey"].encode()).hexdigest())
    declared = component.get("inputDefinitions", {})
    fixed = json.dumps([executor, pod, component.get("outputDefinitions", {})], sort_keys=True)
    parts = [literal(hashlib.sha256(fixed.encode()).hexdigest())]
    for name in sorted(declared.get(PARAMETERS, {})):
        parts += [literal(f"\n{name} "), member("inputs.parameters", parameter(name))]
    for name in sorted(extra):
        parts += [literal(f"\n{name} "), member("inputs.parameters", name)]
    for name in sorted(declared.get(ARTIFACTS, {})):
        parts += [literal(f"\n{name} "), _artifacts(member("inputs.parameters", parameter(name)))]
    return f"sprig.sha256sum({' + '.join(parts)})"


def memoize(expression: str, pipeline: str, template: str) -> dict[str, Any]:
    """The part of a template that makes Argo look among what it remembers of the task first.

    Each task has a ConfigMap of its own, since one holds no more than 1 MiB, and a task fails that finds it full.
    """
    name = short(f"graft-cache-{pipeline}-{template}")
    return {"key": tag(expression), "maxAge": "", "cache": {"configMap": {"name": name}}}


def _artifacts(reference: str) -> str:
    found = f"fromJSON({reference} == '' ? '[]' : {reference})"
    each = "(#.cacheKey ?? toJson(#))"
    return f"join(map(type({found}) == 'array' ? {found} : [{found}], {each}), ' ')"
