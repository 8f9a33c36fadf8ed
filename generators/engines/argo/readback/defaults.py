"""Reads a template as Argo runs it: with what the workflow states once for all of its containers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MERGED_BY = {"env": "name", "volumeMounts": "mountPath"}


def put_back(template: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """A template with what `templateDefaults` and `podMetadata` say; what the template says itself goes first."""
    if "container" not in template:
        return dict(template)
    said, everywhere = template.get("metadata", {}), defaults.get("metadata", {})
    labels = {**everywhere.get("labels", {}), **said.get("labels", {})}
    template = {**template, "metadata": {**said, "labels": labels}} if labels else template
    shared, container = defaults.get("container", {}), template["container"]
    merged = {**shared, **container}
    for field, key in _MERGED_BY.items():
        items = {entry[key]: entry for entry in (*shared.get(field, []), *container.get(field, []))}
        merged |= {field: list(items.values())} if items else {}
    return {**template, "container": merged}
