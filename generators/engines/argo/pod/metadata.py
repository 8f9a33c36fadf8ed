"""The labels that every pod of a WorkflowTemplate carries, stated once in its `podMetadata`.

Argo puts them on each pod, and then those of the pod's own template.
https://argo-workflows.readthedocs.io/en/latest/fields/#workflowspec
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_PODS = ("container", "resource", "script")  # the kinds of templates that become a pod


def take_out(templates: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Remove from the templates the labels that all pods share, and return them as the workflow's `podMetadata`."""
    pods = [template for template in templates if any(kind in template for kind in _PODS)]
    if len(pods) < 2:
        return {}
    first, *others = (template.get("metadata", {}).get("labels", {}) for template in pods)
    shared = {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
    for template in pods if shared else ():
        _remove(template, shared)
    return {"podMetadata": {"labels": shared}} if shared else {}


def _remove(template: dict[str, Any], shared: dict[str, str]) -> None:
    metadata = template["metadata"]
    kept = {name: value for name, value in metadata["labels"].items() if name not in shared}
    metadata = {**metadata, "labels": kept} if kept else {k: v for k, v in metadata.items() if k != "labels"}
    if metadata:
        template["metadata"] = metadata
    else:
        del template["metadata"]
