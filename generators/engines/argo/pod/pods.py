"""What the IR and the PlatformSpec say of a task's pod: image, resources, variables, where it runs and as whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from generators.inventory.paths import KeyPath
from generators.ir.view import Container, Pod, Resources, Source
from generators.ir.view.container import BOUNDS, KINDS
from generators.ir.view.placeholders import inside
from generators.ir.view.pod import SECRET, Decided
from generators.ir.view.tree import Tree

Resolve = Callable[[Source], str]

# A value with a brace in it takes it from this variable, since two of them would be a tag to Argo.
VARIABLE = {"name": "GRAFT_BRACE", "value": "{"}
BRACE = "$(GRAFT_BRACE)"
_REQUIRED, _PREFERRED = (f"{word}DuringSchedulingIgnoredDuringExecution" for word in ("required", "preferred"))


class Refuse(Protocol):
    """Says that something of a task has no Argo equivalent."""

    def __call__(self, reason: str, message: str, fix: str = "", aspect: KeyPath = ()) -> None: ...


def container(spec: Container, image: str, pod: Pod, resolve: Resolve, refuse: Refuse) -> dict[str, Any]:
    """The parts of a container that say what it needs: image, pull policy, resources, variables, security."""
    found = {
        "image": image,
        "imagePullPolicy": pod.pull_policy,
        "env": [VARIABLE, *_constants(spec, refuse), *_from_objects(pod, resolve), *_fields(pod)],
        "resources": resources(spec.resources),
        "securityContext": _security(pod),
    }
    return {name: part for name, part in found.items() if part}


def resources(spec: Resources) -> dict[str, Any]:
    """Requests and limits that are known; a placeholder is for `patches`."""
    requests, limits = {}, {}
    for bound, group in zip(BOUNDS, (requests, limits), strict=True):
        for kind in KINDS:
            value = spec.amount(kind, bound)
            if value and "{" not in value:
                group[kind] = value
    name, count = spec.accelerator
    if count and "{" not in f"{name}{count}":
        limits[name] = count
    return {name: group for name, group in (("requests", requests), ("limits", limits)) if group}


def template(pod: Pod) -> dict[str, Any]:
    """The parts of a template that say where its pod runs and how it is labelled."""
    selector, metadata = pod.node_selector, {"labels": pod.labels, "annotations": pod.annotations}
    found = {
        "metadata": {part: said for part, said in metadata.items() if said},
        "nodeSelector": selector.constant if selector.source else selector.tree.get("labels"),
        "tolerations": [item for entry in pod.tolerations for item in _toleration(entry)],
        "affinity": _affinity(pod),
        "activeDeadlineSeconds": pod.deadline,
    }
    return {name: part for name, part in found.items() if part}


def pull_secrets(pod: Pod, resolve: Resolve) -> list[str]:
    """The Secrets that the image is pulled with."""
    return [resolve(source) for source in pod.pull_secrets]


def _constants(spec: Container, refuse: Refuse) -> Iterator[dict[str, Any]]:
    for name, value in spec.env:
        if inside(value):
            message = f"nothing puts the placeholder into the variable {name}"
            refuse("placeholder", message, "give it to the step as a parameter", ("env", name))
        yield {"name": name, "value": value.replace("$", "$$").replace("{{", f"{BRACE}{BRACE}")}


def _from_objects(pod: Pod, resolve: Resolve) -> Iterator[dict[str, Any]]:
    for each in pod.variables:
        source = {"name": resolve(each.source), "key": each.key} | ({"optional": True} if each.is_optional else {})
        yield {"name": each.variable, "valueFrom": {_REFERENCES[each.kind == SECRET]: source}}


_REFERENCES = {True: "secretKeyRef", False: "configMapKeyRef"}


def _fields(pod: Pod) -> Iterator[dict[str, Any]]:
    for name, path in pod.fields:
        yield {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _security(pod: Pod) -> dict[str, Any]:
    """What a restricted namespace asks of every container, and what the PlatformSpec adds."""
    found: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return found | {"seccompProfile": {"type": "RuntimeDefault"}} | pod.security


def _toleration(entry: Decided) -> list[dict[str, Any]]:
    if entry.source:
        found = entry.constant
        return [] if found is None else found if isinstance(found, list) else [found]
    tree = entry.tree
    seconds = {"tolerationSeconds": int(tree["tolerationSeconds"])} if "tolerationSeconds" in tree else {}
    return [{key: tree[key] for key in ("key", "operator", "value", "effect") if tree.get(key)} | seconds]


def _affinity(pod: Pod) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in pod.node_affinity:
        _add_node(found, (entry.constant or {}) if entry.source else _node_term(entry.tree))
    for term in pod.pod_affinity:
        group = found.setdefault("podAntiAffinity" if term.get("anti") else "podAffinity", {})
        if weight := term.get("weight"):
            group.setdefault(_PREFERRED, []).append({"weight": weight, "podAffinityTerm": _pod_term(term)})
        else:
            group.setdefault(_REQUIRED, []).append(_pod_term(term))
    return found


def _node_term(term: Tree) -> dict[str, Any]:
    match = {key: term[key] for key in ("matchExpressions", "matchFields") if term.get(key)}
    if weight := term.get("weight"):
        return {_PREFERRED: [{"weight": weight, "preference": match}]}
    return {_REQUIRED: {"nodeSelectorTerms": [match]}}


def _add_node(affinity: dict[str, Any], more: Tree) -> None:
    """Add the terms of a node affinity to those that are there."""
    if more.get(_PREFERRED):
        affinity.setdefault("nodeAffinity", {}).setdefault(_PREFERRED, []).extend(more[_PREFERRED])
    if terms := (more.get(_REQUIRED) or {}).get("nodeSelectorTerms"):
        required = affinity.setdefault("nodeAffinity", {}).setdefault(_REQUIRED, {"nodeSelectorTerms": []})
        required["nodeSelectorTerms"].extend(terms)


def _pod_term(term: Tree) -> dict[str, Any]:
    found: dict[str, Any] = {"topologyKey": term.get("topologyKey", "")}
    for kind, field in (("Pod", "labelSelector"), ("Namespace", "namespaceSelector")):
        selector = {
            "matchExpressions": term.get(f"match{kind}Expressions"),
            "matchLabels": term.get(f"match{kind}Labels"),
        }
        if chosen := {key: value for key, value in selector.items() if value}:
            found[field] = chosen
    return found | ({"namespaces": term["namespaces"]} if term.get("namespaces") else {})
