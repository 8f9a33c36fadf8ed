"""Objects of a cluster, by its API server: made, read and deleted, with what it says put into words."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError
from kubernetes import client, config
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EMBEDDED = "PACKAGE_EMBEDDED"  # set where the code came in the manifest
NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")  # Kubernetes mounts it in each pod
ATTEMPTS, PAUSE = 5, 2.0  # of one request that finds no API server, and the seconds between two


def in_cluster() -> bool:
    """Whether this process runs in a pod: Kubernetes sets this variable in each."""
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST"))


def require_image(what: str, fix: str) -> None:
    """StepError where the code came in the manifest: pods that the step makes would not have it."""
    if os.environ.get(EMBEDDED):
        raise StepError(
            f"{what}: the lightweight build runs on the base image, which does not hold the package, so no other pod "
            f"can run it: {fix}"
        )


@dataclass(frozen=True)
class Kind:
    """One kind of object in a namespace."""

    api: client.ApiClient
    group: str
    version: str
    plural: str
    namespace: str
    pause: float = PAUSE

    @classmethod
    def of(cls, document: dict[str, Any], plural: str, api: client.ApiClient | None = None) -> Kind:
        """The kind of a document; without `api`, the pod's own service account is used."""
        group, version = document["apiVersion"].split("/")
        return cls(api or _own(), group, version, plural, document["metadata"]["namespace"])

    @classmethod
    def here(cls, api_version: str, plural: str, api: client.ApiClient | None = None) -> Kind:
        """The kind in the namespace of this pod."""
        group, version = api_version.split("/")
        return cls(api or _own(), group, version, plural, NAMESPACE_FILE.read_text("utf-8").strip())

    def create(self, document: dict[str, Any]) -> dict[str, Any]:
        """Make an object."""
        return self._ask("create", lambda api, at: api.create_namespaced_custom_object(*at, document))

    def get(self, name: str) -> dict[str, Any] | None:
        """An object, None where there is none."""
        try:
            return self._ask("get", lambda api, at: api.get_namespaced_custom_object(*at, name))
        except _Missing:
            return None

    def patch(self, name: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Merge changes into an object (RFC 7386), and return it as it is then."""
        return self._ask("patch", lambda api, at: api.patch_namespaced_custom_object(*at, name, changes))

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is fine."""
        try:
            self._ask("delete", lambda api, at: api.delete_namespaced_custom_object(*at, name))
        except _Missing:
            return

    def _ask(self, verb: str, request: Callable[[client.CustomObjectsApi, tuple[str, ...]], Any]) -> Any:
        at = (self.group, self.version, self.namespace, self.plural)
        for attempt in range(1, ATTEMPTS + 1):
            with self._explained(verb):
                try:
                    return request(client.CustomObjectsApi(self.api), at)
                except HTTPError as problem:
                    # A request to create that was lost may have been done, so it is not sent twice.
                    if attempt == ATTEMPTS or verb == "create":
                        raise StepError(f"{self.api.configuration.host}: no answer: {problem}") from problem
                except client.ApiException as problem:
                    if problem.status < 500 or attempt == ATTEMPTS or verb == "create":
                        raise
            time.sleep(self.pause)
        raise AssertionError("the loop above returns or raises")

    @contextmanager
    def _explained(self, verb: str) -> Iterator[None]:
        what = f"{self.plural}.{self.group} in {self.namespace}"
        try:
            yield
        except client.ApiException as problem:
            if problem.status == 404 and verb in ("get", "delete"):
                raise _Missing(what) from problem
            hint = {
                403: f"; the step's service account needs the verb {verb} on {self.plural}.{self.group}",
                404: "; the cluster does not know this kind, or has no such namespace",
            }.get(problem.status, "")
            raise StepError(f"{verb} {what}: {problem.status} {problem.reason}: {_said(problem)}{hint}") from problem


class _Missing(Exception):
    """There is no such object."""


def condition(found: dict[str, Any], kind: str) -> dict[str, Any] | None:
    """The condition of that type in an object's status."""
    return next((each for each in found.get("status", {}).get("conditions", ()) if each["type"] == kind), None)


def _own() -> client.ApiClient:
    configuration = client.Configuration()
    config.load_incluster_config(configuration)
    return client.ApiClient(configuration)


def _said(problem: client.ApiException) -> str:
    return " ".join(str(problem.body or "").split())[:600]
