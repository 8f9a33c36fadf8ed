"""Definitions of custom resources that accept anything, for a machine that does not have those of their projects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
KUBERNETES = (".k8s.io", "apps", "batch", "autoscaling", "policy")  # groups, or the ends of groups, that are built in


def write(objects: Iterable[Mapping[str, Any]], file: Path) -> Path:
    """Write into a file the definitions of all kinds that these objects are of and Kubernetes does not have."""
    versions = sorted({(*item["apiVersion"].split("/"), item["kind"]) for item in objects if is_custom(item)})
    items = [definition(*each) for each in versions]
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}), "utf-8")
    return file


def kinds(objects: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The groups and kinds of these objects that Kubernetes does not have."""
    return {(item["apiVersion"].split("/")[0], item["kind"]) for item in objects if is_custom(item)}


def is_custom(item: Mapping[str, Any]) -> bool:
    """Whether an object is of a kind that needs a definition."""
    group, _, version = item["apiVersion"].partition("/")
    return bool(version) and not group.endswith(KUBERNETES)


def definition(group: str, version: str, kind: str) -> dict[str, Any]:
    """The definition of a namespaced kind, whose plural is made as Kubernetes' generators make it."""
    singular = kind.lower()
    plural = f"{singular}es" if singular.endswith(("s", "x", "ch")) else f"{singular}s"
    names = {"kind": kind, "listKind": f"{kind}List", "singular": singular, "plural": plural}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": ANYTHING}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [served]},
    }
