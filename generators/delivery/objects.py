"""Objects as delivery makes them: each with the hash of its content, and with the labels that operators filter by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generators.ir.definitions import CONTENT_LABEL, hash_of

RECORD_LABEL = "graft.dev/record"  # what a ConfigMap or a Job is to the component `operations`

Object = dict[str, Any]


def labelled(obj: Object, labels: Mapping[str, str]) -> Object:
    """The object with more labels; those that it has stay."""
    metadata = obj["metadata"]
    return {**obj, "metadata": {**metadata, "labels": {**labels, **metadata.get("labels", {})}}}


def made(api_version: str, kind: str, name: str, namespace: str, body: Mapping[str, Any], **metadata: Any) -> Object:
    """An object with the hash of its content; `body` is all of it but its kind and its metadata.

    `metadata` are more `labels`, and its `annotations`.
    """
    labels = {**metadata.pop("labels", {}), CONTENT_LABEL: hash_of(body)}
    placed = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": {**placed, "labels": labels, **metadata}, **body}
