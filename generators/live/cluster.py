"""A cluster's API: the kinds that are read there, and how one is connected to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, TypeVar

import httpx2
from lightkube import ApiError, Client, SingleConfig
from lightkube.generic_resource import create_namespaced_resource
from lightkube.resources.core_v1 import ConfigMap, Pod

from generators.live import asking

Application = create_namespaced_resource("argoproj.io", "v1alpha1", "Application", "applications")
Workflow = create_namespaced_resource("argoproj.io", "v1alpha1", "Workflow", "workflows")
WorkflowTemplate = create_namespaced_resource("argoproj.io", "v1alpha1", "WorkflowTemplate", "workflowtemplates")
PAGE = 100  # objects in one answer
AGAIN = 1.0  # seconds until an API server that has too much to do is asked again
LINES = 20  # of a failed step's log that are shown

Answer = TypeVar("Answer")

__all__ = ["Application", "ConfigMap", "Pod", "Workflow", "WorkflowTemplate", "connect", "each", "found", "translated"]


@contextmanager
def connect(context: SingleConfig, namespace: str) -> Iterator[Client]:
    """A client of the API server of a context; Unreached in place of whatever goes wrong on the way."""
    with translated(context):
        client = Client(context, namespace=namespace, timeout=httpx2.Timeout(asking.REQUEST), field_manager="graft")
        with client:
            yield client


@contextmanager
def translated(context: SingleConfig) -> Iterator[None]:
    """Whatever goes wrong on the way to a context's API server as Unreached."""
    try:
        yield
    except asking.ERRORS as error:
        raise asking.of_error(error, context.cluster.server, context.context_name) from error


def each(client: Client, kind: type, namespace: str, labels: Mapping[str, str | None]) -> list[Any]:
    """All objects of a kind with these labels; none where the cluster does not know the kind."""
    wanted = {"namespace": namespace, "labels": dict(labels), "chunk_size": PAGE}
    return _asked(lambda: list(client.list(kind, **wanted))) or []


def found(client: Client, kind: type, name: str, namespace: str) -> Any | None:
    """An object by its name, None where there is none."""
    return _asked(lambda: client.get(kind, name, namespace=namespace))


def is_known(client: Client, kind: type, namespace: str) -> bool:
    """Whether the cluster knows the kind at all."""
    return _asked(lambda: list(islice(client.list(kind, namespace=namespace, chunk_size=1), 1))) is not None


def setting(client: Client, config_map: str, namespace: str, key: str) -> str:
    """What a ConfigMap holds under a key; "" where there is none, or where one may not look."""
    with suppress(ApiError):
        return (client.get(ConfigMap, config_map, namespace=namespace).data or {}).get(key, "")
    return ""


def _asked(question: Callable[[], Answer]) -> Answer | None:
    """The answer, None for what is not there; an API server that has too much to do is asked again, as kubectl does."""
    deadline = time.monotonic() + asking.REQUEST
    while True:
        try:
            return question()
        except httpx2.HTTPStatusError as error:  # which is no ApiError where the API server knows no such path
            if error.response.status_code == 404:
                return None
            if error.response.status_code != 429 or time.monotonic() > deadline:
                raise
        time.sleep(AGAIN)
