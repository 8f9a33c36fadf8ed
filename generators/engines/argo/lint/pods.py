"""What a template that runs a pod, or asks the API server for something, has to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.lint.names import is_variable, unknown
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]

_ACTIONS = ("get", "create", "apply", "delete", "replace", "patch")
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_GRAPHS = ("steps", "dag")
_NO_POD = (*_GRAPHS, "suspend", "http", "plugin")
_OWN, _PLUGIN = ("wait", "supervisor"), "artifact-plugin-"
_AMOUNTS = ("gauge", "counter", "histogram")


def of_kind(one: Object, path: KeyPath, kind: str, defaults: Object) -> Iterator[Problem]:
    """The problems of what only templates of one kind may say, or have to; `defaults` are those of all templates."""
    of_image = ((each.get(kind) or {}).get("image") for each in (one, defaults))
    if kind in ("container", "script") and not any(of_image):
        fix = "add image: ..."
        yield Problem((*path, kind), "missing-key", "the key 'image' is missing", fix=fix, missing="image")
    if kind in _GRAPHS and one.get("activeDeadlineSeconds") is not None:
        message = "is for a template that runs a pod, and this one has steps or tasks"
        fix = "set it on the workflow, or on the templates below"
        yield Problem((*path, "activeDeadlineSeconds"), "deadline", message, str(one["activeDeadlineSeconds"]), fix=fix)
    yield from _of_pod(one, path, kind)
    if kind and kind not in _GRAPHS and one.get("parallelism") is not None:
        message = "is for a template with steps or tasks, and this one has none"
        yield Problem((*path, "parallelism"), "parallelism", message, str(one["parallelism"]), fix="remove it")
    seconds = one.get("activeDeadlineSeconds")
    if isinstance(seconds, int) and seconds < 0:
        yield Problem((*path, "activeDeadlineSeconds"), "deadline", "is less than nothing", str(seconds), "more than 0")
    if kind == "resource":
        yield from _resource(one["resource"] or {}, (*path, "resource"))
    if kind == "containerSet":
        yield from _set((one["containerSet"] or {}).get("containers") or (), (*path, "containerSet", "containers"))
    for at, metric in enumerate((one.get("metrics") or {}).get("prometheus") or ()):
        yield from _metric(metric, (*path, "metrics", "prometheus", at))


def _of_pod(one: Object, path: KeyPath, kind: str) -> Iterator[Problem]:
    """What is for a pod that a template runs itself, or for a leaf of the workflow."""
    leaf = "is for a template that runs a pod"
    for field, others in (("resourceClaims", _NO_POD), ("timeout", _GRAPHS), ("pendingTimeout", _GRAPHS)):
        if kind in others and one.get(field):
            yield Problem((*path, field), "pod", leaf, kind, fix="set it on a template that does")
    if kind in ("http", "plugin") and one.get("podResources") is not None:
        yield Problem((*path, "podResources"), "pod", leaf, kind, fix="remove it: Argo's agent runs this one")
    timeout = one.get("timeout")
    if kind not in _GRAPHS and isinstance(timeout, str) and timeout.isdecimal():
        yield Problem((*path, "timeout"), "form", "is not a duration", timeout, f"such as {timeout}s")
    yield from resources(one.get("podResources"), (*path, "podResources"))
    containers = ((one.get("containerSet") or {}).get("containers"), ("containerSet", "containers"))
    for listed, way in (containers, (one.get("sidecars"), ("sidecars",))):
        for at, each in enumerate(listed or ()):
            if (name := each.get("name") or "") in _OWN or name.startswith(_PLUGIN):
                message = "is the name of a container of Argo's own"
                yield Problem((*path, *way, at, "name"), "reserved", message, name, fix="give it another name")


def resources(said: Object | None, path: KeyPath) -> Iterator[Problem]:
    """The problems of what a pod as a whole asks for."""
    if (said or {}).get("claims"):
        yield Problem((*path, "claims"), "pod", "is not for a whole pod", fix="ask for it in a container")
    for side in ("limits", "requests"):
        for name in (said or {}).get(side) or ():
            if name not in ("cpu", "memory") and not name.startswith("hugepages-"):
                allowed = "cpu, memory, hugepages-..."
                yield Problem((*path, side), "pod", "is no resource of a whole pod", name, allowed)


def _resource(resource: Object, path: KeyPath) -> Iterator[Problem]:
    action = resource.get("action") or ""
    if action not in _ACTIONS and not is_variable(action):
        yield unknown("action", action, _ACTIONS, (*path, "action"), "action")
    said = [key for key in ("manifest", "manifestFrom") if resource.get(key)]
    if not said and action not in ("get", "delete"):
        yield Problem(path, "missing-key", "says nothing of the object", fix="add manifest: ...")
    elif len(said) > 1:
        yield Problem(path, "several", "has one manifest, not two", ", ".join(said), fix="keep one of them")


def _set(containers: Any, path: KeyPath) -> Iterator[Problem]:
    names = {each.get("name") for each in containers}
    for at, each in enumerate(containers):
        for wanted in each.get("dependencies") or ():
            if wanted not in names:
                yield unknown("container", wanted, names, (*path, at, "dependencies"), "container")


def _metric(metric: Object, path: KeyPath) -> Iterator[Problem]:
    form = "letters, digits and underscores"
    if not _METRIC.fullmatch(metric.get("name") or ""):
        message = "does not have the form of a metric's name"
        yield Problem((*path, "name"), "form", message, str(metric.get("name") or ""), form)
    for at, label in enumerate(metric.get("labels") or ()):
        if not _METRIC.fullmatch(label.get("key") or ""):
            message = "does not have the form of a metric's label"
            yield Problem((*path, "labels", at, "key"), "form", message, str(label.get("key") or ""), form)
    if not metric.get("help"):
        yield Problem(path, "missing-key", "the key 'help' is missing", fix="add help: and what it measures")
    said = [key for key in _AMOUNTS if metric.get(key) is not None]
    if len(said) != 1:
        message = "a metric is one of gauge, counter and histogram"
        yield Problem(path, "metric", message, ", ".join(said) or "none", fix="keep one of them" if said else "add one")
    elif not (metric[said[0]] or {}).get("value"):
        where = (*path, said[0])
        yield Problem(where, "missing-key", "the key 'value' is missing", fix="add value: ...", missing="value")
