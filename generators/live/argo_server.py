"""Workflows by the server of Argo Workflows, with hera's client of it.

https://argo-workflows.readthedocs.io/en/latest/rest-api/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests
from hera.exceptions import AlreadyExists, BadRequest, Forbidden, HeraException, NotFound, Unauthorized
from hera.workflows import WorkflowsService
from hera.workflows.models import Workflow, WorkflowCreateRequest

from generators.engines.engine import Object
from generators.errors import GraftError, Unreached
from generators.live.argo import Template
from generators.live.asking import REQUEST
from generators.live.cluster import LINES

TOKEN = "ARGO_TOKEN"  # the variable that Argo's own command line reads, too


class _Timed(requests.Session):
    """Requests that end, which hera's do not of themselves."""

    def request(self, *given: Any, **more: Any) -> requests.Response:
        return super().request(*given, **{"timeout": REQUEST, **more})


@dataclass(frozen=True)
class ServerApi:
    """Workflows by the server at a URL, in one namespace."""

    url: str
    namespace: str
    service: WorkflowsService

    @classmethod
    def of(cls, url: str, namespace: str, token: str) -> ServerApi:
        """`token` is sent as it is where it says of what kind it is, such as `Bearer ...`; "" sends none."""
        base = f"{url.rstrip('/')}/"  # a path of the server's own is kept
        return cls(base, namespace, WorkflowsService(base, token=token or None, namespace=namespace, session=_Timed()))

    def template(self, name: str) -> Template | None:
        with self._translated(), suppress(NotFound):
            return _plain(self.service.get_workflow_template(name))
        return None

    def workflow(self, name: str) -> Mapping[str, Any] | None:
        with self._translated(), suppress(NotFound):
            return _plain(self.service.get_workflow(name))
        return None

    def create(self, workflow: Object) -> None:
        with self._translated(), suppress(AlreadyExists):
            self.service.create_workflow(WorkflowCreateRequest(workflow=Workflow.model_validate(workflow)))

    def log(self, workflow: Mapping[str, Any], node: Mapping[str, Any]) -> str:
        """Asked for without hera, which reads one line alone of the answer's many."""
        name = workflow["metadata"]["name"]
        wanted = {"podName": pod_name(name, node), "logOptions.container": "main", "logOptions.tailLines": str(LINES)}
        with suppress(requests.RequestException, ValueError, KeyError):
            answer = self.service.session.get(
                urljoin(self.url, f"api/v1/workflows/{self.namespace}/{name}/log"),
                params=wanted,
                headers={"Authorization": self.service.token} if self.service.token else {},
            )
            answer.raise_for_status()
            return "\n".join(json.loads(line)["result"].get("content", "") for line in answer.text.splitlines() if line)
        return ""

    def stop(self, name: str) -> str:
        return f"argo stop --argo-server={self.url.partition('://')[2].rstrip('/')} --namespace={self.namespace} {name}"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (Unauthorized, Forbidden) as error:
            fix = f"set {TOKEN} to a token of an account that may make workflows in {self.namespace} (argo auth token)"
            raise Unreached(f"{self.url} refuses the token: {error}", fix) from error
        except BadRequest as error:
            raise GraftError(f"{self.url} refuses the run: {error}") from error
        except NotFound:
            raise
        except HeraException as error:
            raise Unreached(f"{self.url}: {error}", "look at the log of the server of Argo Workflows") from error
        except requests.exceptions.SSLError as error:
            raise Unreached(f"{self.url}: {error}", "name its authority's certificate in REQUESTS_CA_BUNDLE") from error
        except requests.RequestException as error:
            raise Unreached(f"{self.url}: {error}", "is it up, and reachable from here?") from error


def pod_name(workflow: str, node: Mapping[str, Any]) -> str:
    """The name that Argo gives the pod of a node.

    https://github.com/argoproj/argo-workflows/blob/v4.1.2/workflow/util/pod_name.go (GeneratePodName)
    """
    if node["name"] == workflow:
        return workflow
    template = node.get("templateName") or (node.get("templateRef") or {}).get("template", "")
    prefix, number = f"{workflow}-{template}", node["id"].rpartition("-")[2]
    return f"{prefix[: 253 - 10 - 1]}-{number}"


def _plain(model: Any) -> dict[str, Any]:
    return json.loads(model.model_dump_json(by_alias=True, exclude_none=True))
