"""What the IR and the PlatformSpec say of a task's pod: image, resources, variables, where it runs and as whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generators.engines.argo.refusals import NoForm
from generators.engines.argo.text import placeholders
from generators.ir.values import text_of

Settings = Mapping[str, Any]
Resolve = Callable[[Mapping[str, Any], str], str]

# A value with a brace in it takes it from this variable, since two of them would be a tag to Argo.
VARIABLE = {"name": "GRAFT_BRACE", "value": "{"}
BRACE = "$(GRAFT_BRACE)"
_REQUIRED, _PREFERRED = (f"{word}DuringSchedulingIgnoredDuringExecution" for word in ("required", "preferred"))


def container(spec: Mapping[str, Any], settings: Settings, resolve: Resolve) -> dict[str, Any]:
    """The parts of a container that say what it needs: image, pull policy, resources, variables, security."""
    found = {
        "image": spec["image"],
        "imagePullPolicy": settings.get("imagePullPolicy", ""),
        "env": [VARIABLE, *_constants(spec), *_from_objects(settings, resolve), *_fields(settings)],
        "resources": resources(spec.get("resources", {})),
        "securityContext": _security(settings.get("securityContext", {})),
    }
    return {name: part for name, part in found.items() if part}


def resources(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Requests and limits; the newer fields are quantities, the deprecated ones cores, and gigabytes of 10^9 bytes."""
    requests, limits = {}, {}
    for kind, group in (("Request", requests), ("Limit", limits)):
        for name, unit in (("cpu", ""), ("memory", "G")):
            value = spec.get(f"resource{name.capitalize()}{kind}")
            if not value and spec.get(f"{name}{kind}"):
                value = f"{text_of(spec[f'{name}{kind}'])}{unit}"
            if value and "{" not in str(value):  # a placeholder is for `patches`
                group[name] = value
    accelerator = spec.get("accelerator", {})
    count = accelerator.get("resourceCount") or accelerator.get("count")
    kind = accelerator.get("resourceType") or accelerator.get("type", "")
    if count and str(count) != "0" and "{" not in f"{kind}{count}":
        limits[kind] = str(count)
    return {name: group for name, group in (("requests", requests), ("limits", limits)) if group}


def template(settings: Settings) -> dict[str, Any]:
    """The parts of a template that say where its pod runs and how it is labelled."""
    selector = settings.get("nodeSelector", {})
    labels = _json(selector, "nodeSelectorJson") if "nodeSelectorJson" in selector else selector.get("labels")
    metadata = settings.get("podMetadata", {})
    found = {
        "metadata": {part: metadata[part] for part in ("labels", "annotations") if metadata.get(part)},
        "nodeSelector": labels,
        "tolerations": [item for entry in settings.get("tolerations", []) for item in _toleration(entry)],
        "affinity": _affinity(settings),
        "activeDeadlineSeconds": int(settings.get("activeDeadlineSeconds", 0)),
    }
    return {name: part for name, part in found.items() if part}


def pull_secrets(settings: Settings, resolve: Resolve) -> list[str]:
    """The Secrets that the image is pulled with."""
    return [named(entry, "secretName", resolve) for entry in settings.get("imagePullSecret", [])]


def named(entry: Mapping[str, Any], field: str, resolve: Resolve) -> str:
    """The name of the object that `entry` refers to; KFP reads `...Parameter` and keeps `field` as its twin."""
    source = entry.get(f"{field}Parameter")
    return resolve(source, field) if source else entry[field]


def _constants(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in spec.get("env", []):
        value = item.get("value", "")
        if placeholders.inside(value):
            raise NoForm("placeholder", f"nothing puts the placeholder into the variable {item['name']}")
        yield {"name": item["name"], "value": value.replace("$", "$$").replace("{{", f"{BRACE}{BRACE}")}


def _from_objects(settings: Settings, resolve: Resolve) -> Iterator[dict[str, Any]]:
    kinds = (("secretAsEnv", "secretName", "secretKey", "secretKeyRef"),)
    kinds += (("configMapAsEnv", "configMapName", "configMapKey", "configMapKeyRef"),)
    for field, name, key, reference in kinds:
        for entry in settings.get(field, []):
            for pair in entry.get("keyToEnv", []):
                source = {"name": named(entry, name, resolve), "key": pair[key]}
                source |= {"optional": True} if entry.get("optional") else {}
                yield {"name": pair["envVar"], "valueFrom": {reference: source}}


def _fields(settings: Settings) -> Iterator[dict[str, Any]]:
    for item in settings.get("fieldPathAsEnv", []):
        yield {"name": item["name"], "valueFrom": {"fieldRef": {"fieldPath": item["fieldPath"]}}}


def _security(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a restricted namespace asks of every container, and what the PlatformSpec adds."""
    found: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    found["seccompProfile"] = {"type": "RuntimeDefault"}
    for field in ("runAsUser", "runAsGroup"):
        if field in wanted:
            found[field] = int(wanted[field])
    return found | ({"runAsNonRoot": wanted["runAsNonRoot"]} if "runAsNonRoot" in wanted else {})


def _json(entry: Mapping[str, Any], field: str) -> Any:
    """What a field of JSON holds, where it is a constant; the rest is for `patches`."""
    constant = entry.get(field, {}).get("runtimeValue", {}).get("constant")
    try:
        return json.loads(constant) if isinstance(constant, str) else constant
    except ValueError as error:
        raise NoForm("platform", f"{field} is no JSON: {error}") from None


def _toleration(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = _json(entry, "tolerationJson")
    if "tolerationJson" in entry and found is None:
        return []
    if found is not None:
        return found if isinstance(found, list) else [found]
    seconds = {"tolerationSeconds": int(entry["tolerationSeconds"])} if "tolerationSeconds" in entry else {}
    return [{key: entry[key] for key in ("key", "operator", "value", "effect") if entry.get(key)} | seconds]


def _affinity(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for term in settings.get("nodeAffinity", []):
        match = {key: term[key] for key in ("matchExpressions", "matchFields") if term.get(key)}
        node = _json(term, "nodeAffinityJson") or {}
        if "nodeAffinityJson" not in term and (weight := term.get("weight")):
            node = {_PREFERRED: [{"weight": weight, "preference": match}]}
        elif "nodeAffinityJson" not in term:
            node = {_REQUIRED: {"nodeSelectorTerms": [match]}}
        _add_node(found, node)
    for term in settings.get("podAffinity", []):
        group = found.setdefault("podAntiAffinity" if term.get("anti") else "podAffinity", {})
        if weight := term.get("weight"):
            group.setdefault(_PREFERRED, []).append({"weight": weight, "podAffinityTerm": _pod_term(term)})
        else:
            group.setdefault(_REQUIRED, []).append(_pod_term(term))
    return found


def _add_node(affinity: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add the terms of a node affinity to those that are there."""
    if more.get(_PREFERRED):
        affinity.setdefault("nodeAffinity", {}).setdefault(_PREFERRED, []).extend(more[_PREFERRED])
    if terms := more.get(_REQUIRED, {}).get("nodeSelectorTerms"):
        required = affinity.setdefault("nodeAffinity", {}).setdefault(_REQUIRED, {"nodeSelectorTerms": []})
        required["nodeSelectorTerms"].extend(terms)


def _pod_term(term: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"topologyKey": term.get("topologyKey", "")}
    for kind, field in (("Pod", "labelSelector"), ("Namespace", "namespaceSelector")):
        selector = {
            "matchExpressions": term.get(f"match{kind}Expressions"),
            "matchLabels": term.get(f"match{kind}Labels"),
        }
        if chosen := {key: value for key, value in selector.items() if value}:
            found[field] = chosen
    return found | ({"namespaces": term["namespaces"]} if term.get("namespaces") else {})
