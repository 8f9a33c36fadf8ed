"""A run on Argo Workflows: a Workflow that names the rendered WorkflowTemplate, made and watched by either API."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx2
from lightkube import ApiError, Client, SingleConfig

from generators.engines.argo import submit
from generators.engines.engine import Object
from generators.engines.names import short
from generators.errors import GraftError
from generators.live import cluster, namespace, workflow
from generators.live.asking import REQUEST
from generators.live.model import Run, text_of, time_of
from generators.live.wanted import RUN_LABEL, Wanted, not_there

SETTLED = 5.0  # seconds until Argo's controller has surely seen a template; a run of one that it has not ends in error
_LONGEST_NAME = 63  # a Workflow's name is a label of its pods
Template = Mapping[str, Any]


class Api(Protocol):
    """Whatever takes and gives Workflows; each request raises Unreached where nobody answers."""

    def template(self, name: str) -> Template | None:
        """The WorkflowTemplate of that name."""

    def create(self, workflow: Object) -> None:
        """Make a Workflow; one of that name that is there already is the one."""

    def workflow(self, name: str) -> Mapping[str, Any] | None:
        """The Workflow of that name."""

    def log(self, workflow: Mapping[str, Any], node: Mapping[str, Any]) -> str:
        """The last lines of a step, "" where they cannot be had."""

    def stop(self, name: str) -> str:
        """The command that ends a Workflow."""


@dataclass(frozen=True)
class Started:
    """A Workflow that was made."""

    api: Api
    name: str
    links: Mapping[str, str]

    @property
    def stop(self) -> str:
        return self.api.stop(self.name)

    def now(self) -> Run:
        """The run as it is; of one that has failed with the last lines of the step that did."""
        found = self.api.workflow(self.name)
        if found is None:
            raise GraftError(f"the Workflow {self.name} is gone: somebody has deleted it", "start another run")
        run, failed = workflow.run(found), workflow.failed_node(found)
        return replace(run, log=self.api.log(found, failed)) if run.step and failed else run


def start(wanted: Wanted, api: Api, sleep: Callable[[float], None] = time.sleep) -> Started:
    """Start a run of the version that is rendered; GraftError where the cluster does not have it."""
    template = api.template(wanted.version)
    if template is None:
        raise not_there(wanted, "WorkflowTemplate")
    sleep(_unsettled(template))
    made = _named(wanted)
    api.create(made)
    name = made["metadata"]["name"]
    return Started(api, name, wanted.declared.pages(name))


def _named(wanted: Wanted) -> Object:
    """The Workflow, called by a name of its own from the start: a request that is sent twice makes one."""
    made = submit.workflow(wanted.manifest, wanted.spec, wanted.parameters)
    made = submit.of_instance(made, wanted.declared.cluster.facts.get("instance_id", ""))
    metadata = dict(made["metadata"])
    del metadata["generateName"]
    name = f"{short(wanted.version, _LONGEST_NAME - 7)}-{secrets.token_hex(3)}"
    return {**made, "metadata": {**metadata, "name": name, "labels": {**metadata["labels"], RUN_LABEL: name}}}


def _unsettled(template: Template) -> float:
    created = template["metadata"].get("creationTimestamp")
    age = (datetime.now(UTC) - time_of(text_of(created))).total_seconds() if created else SETTLED
    return min(max(SETTLED - age, 0.0), SETTLED)


@dataclass(frozen=True)
class KubernetesApi:
    """Workflows by the API server of a context."""

    context: SingleConfig
    client: Client
    namespace: str

    @classmethod
    def of(cls, context: SingleConfig, namespace: str) -> KubernetesApi:
        with cluster.translated(context):
            return cls(context, Client(context, namespace=namespace, timeout=httpx2.Timeout(REQUEST)), namespace)

    def template(self, name: str) -> Template | None:
        return self._found(cluster.WorkflowTemplate, name)

    def workflow(self, name: str) -> Mapping[str, Any] | None:
        return self._found(cluster.Workflow, name)

    def create(self, workflow: Object) -> None:
        with cluster.translated(self.context):
            try:
                self.client.create(cluster.Workflow(workflow), namespace=self.namespace)
            except ApiError as error:
                if error.status.code in (400, 422):
                    raise GraftError(f"the cluster refuses the run: {error.status.message}") from error
                if error.status.code != 409:
                    raise

    def log(self, workflow: Mapping[str, Any], node: Mapping[str, Any]) -> str:
        return namespace.log(self.client, self.namespace, workflow["metadata"]["name"], node["id"])

    def stop(self, name: str) -> str:
        where = f"--context={self.context.context_name} --namespace={self.namespace}"
        return f"""kubectl {where} patch workflow {name} --type=merge --patch='{{"spec":{{"shutdown":"Stop"}}}}'"""

    def _found(self, kind: type, name: str) -> dict[str, Any] | None:
        with cluster.translated(self.context):
            found = cluster.found(self.client, kind, name, self.namespace)
        return None if found is None else dict(found)
