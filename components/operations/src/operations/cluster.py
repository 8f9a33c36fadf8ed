"""Kubernetes' API: the kinds that are read and written here, and the labels by which graft knows its own objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
from lightkube import ApiError, Client
from lightkube.generic_resource import create_namespaced_resource

from operations.model import text_of

DEFINITION, CONTENT = "graft.dev/definition", "graft.dev/content"  # as generators/ir/definitions.py has them
RUN, RECORD, VERSION = "graft.dev/run", "graft.dev/record", "graft.dev/version"
PIPELINE, MANAGER = "app.kubernetes.io/name", "app.kubernetes.io/managed-by"
INSTANCE = "app.kubernetes.io/instance"  # by which Argo CD may track objects: on a run it would have it pruned
CONTROLLER = "workflows.argoproj.io/controller-instanceid"  # which of several controllers is to run it
OWN = {MANAGER: "graft", DEFINITION: None}  # lightkube: None is "whatever its value"
PAGE = 50  # objects in one answer; a template may have hundreds of kilobytes

Workflow = create_namespaced_resource("argoproj.io", "v1alpha1", "Workflow", "workflows")
WorkflowTemplate = create_namespaced_resource("argoproj.io", "v1alpha1", "WorkflowTemplate", "workflowtemplates")
CronWorkflow = create_namespaced_resource("argoproj.io", "v1alpha1", "CronWorkflow", "cronworkflows")
PipelineVersion = create_namespaced_resource("pipelines.kubeflow.org", "v2beta1", "PipelineVersion", "pipelineversions")

Labels = Mapping[str, str | None]


def connect(namespace: str, timeout: float) -> Client:
    """Kubernetes as the pod's own service account sees it, or as KUBECONFIG says; a request may take `timeout` s."""
    return Client(namespace=namespace, timeout=httpx2.Timeout(timeout), field_manager="graft-operations")


def found(client: Client, kind: type, name: str) -> Any | None:
    """An object by its name, None where there is none."""
    try:
        return client.get(kind, name)
    except ApiError as error:
        if error.status.code == 404:
            return None
        raise


def each(client: Client, kind: type, labels: Labels | None = None) -> Iterator[Any]:
    """All objects of a kind in the namespace."""
    return iter(client.list(kind, labels=dict(labels) if labels else None, chunk_size=PAGE))


def delete(client: Client, kind: type, name: str, **how: Any) -> None:
    """Delete an object; it may be gone already."""
    try:
        client.delete(kind, name, **how)
    except ApiError as error:
        if error.status.code != 404:
            raise


def labels_of(thing: Any) -> dict[str, str]:
    """An object's labels."""
    return dict(thing.metadata.labels or {})


def created(thing: Any) -> str:
    """When an object was created, in RFC 3339."""
    return text_of(thing.metadata.creationTimestamp)


def carried(labels: Mapping[str, str]) -> dict[str, str]:
    """Those of a version's labels that its runs carry."""
    kept = ("graft.dev/", "app.kubernetes.io/", CONTROLLER)
    return {key: value for key, value in labels.items() if key.startswith(kept) and key != INSTANCE}


def label_value(text: str) -> str:
    """A text as a label may hold it: 63 characters at most, of which the end tells versions apart."""
    return text[-63:].lstrip("-._")


def texts(value: Any) -> Iterator[str]:
    """Every text in an object, at whatever depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
