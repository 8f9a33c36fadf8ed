"""Argo Workflows: a run is a Workflow of the run's name, so that there are no two of one name while it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lightkube import ApiError, Client
from lightkube.generic_resource import GenericNamespacedResource

from operations import argo_outcome
from operations.cluster import (
    OWN,
    PIPELINE,
    RUN,
    CronWorkflow,
    Workflow,
    WorkflowTemplate,
    carried,
    created,
    delete,
    each,
    found,
    labels_of,
)
from operations.errors import Refused
from operations.logs import last_lines
from operations.model import Run, Seen, Version, now, time_of

SETTLED = 5.0  # seconds until Argo's controller has surely seen a template; a run of one that it has not ends in error
OF_WORKFLOW = "workflows.argoproj.io/workflow"


@dataclass(frozen=True)
class Argo:
    """The Workflows and WorkflowTemplates of a namespace; `account` replaces a template's own service account."""

    client: Client
    account: str = ""

    def find(self, run: Run, id: str = "") -> Seen | None:
        workflow = found(self.client, Workflow, id or run.name)
        if workflow is None:
            return None
        if labels_of(workflow).get(RUN) != run.name:
            raise Refused(f"the Workflow {run.name} is none of graft's: delete it, or give the run another name")
        return _seen(workflow, run)

    def prepared(self, run: Run) -> Callable[[], str]:
        template = self.client.get(WorkflowTemplate, run.version)
        fresh = SETTLED - (now() - time_of(created(template))).total_seconds()
        time.sleep(min(max(fresh, 0), SETTLED))
        body = {"workflowTemplateRef": {"name": run.version}}
        if self.account:
            body["serviceAccountName"] = self.account
        metadata = {"name": run.name, "labels": {**carried(labels_of(template)), RUN: run.name}}
        return lambda: self._post(Workflow(metadata=metadata, spec=body))

    def runs(self) -> Iterator[Seen]:
        templates = {version.name: version for version in self.versions()}
        for workflow in each(self.client, Workflow):
            version = _version(workflow)
            known = templates.get(version)
            if known or OWN.keys() <= labels_of(workflow).keys():
                pipeline = known.pipeline if known else labels_of(workflow).get(PIPELINE, "")
                yield _seen(workflow, Run(workflow.metadata.name, pipeline, version))

    def versions(self) -> list[Version]:
        return [
            Version(it.metadata.name, labels_of(it).get(PIPELINE, ""), created(it), it.metadata.uid)
            for it in each(self.client, WorkflowTemplate, OWN)
        ]

    def named(self) -> set[str]:
        live = [workflow for workflow in each(self.client, Workflow) if argo_outcome.outcome(workflow) is None]
        holders = [*live, *each(self.client, CronWorkflow), *each(self.client, WorkflowTemplate)]
        return {name for holder in holders for name in _references(holder.get("spec"))}

    def delete(self, version: Version) -> None:
        delete(self.client, WorkflowTemplate, version.name)

    def log(self, seen: Seen) -> str:
        workflow = found(self.client, Workflow, seen.id)
        node = workflow and argo_outcome.failed_node(workflow)
        return last_lines(self.client, {OF_WORKFLOW: seen.id}, node["id"]) if node else ""

    def _post(self, workflow: GenericNamespacedResource) -> str:
        try:
            return self.client.create(workflow).metadata.name
        except ApiError as error:
            if error.status.code == 409:  # it is there: somebody has been quicker, and the next look finds it
                return workflow.metadata.name
            if error.status.code in (400, 422):
                raise Refused(f"Workflow {workflow.metadata.name}: {error.status.message}") from error
            raise


def _seen(workflow: GenericNamespacedResource, run: Run) -> Seen:
    return Seen(run, workflow.metadata.name, argo_outcome.outcome(workflow))


def _version(workflow: Mapping[str, Any]) -> str:
    return ((workflow.get("spec") or {}).get("workflowTemplateRef") or {}).get("name", "")


def _references(value: Any) -> Iterator[str]:
    """The templates that a spec names, as a whole (workflowTemplateRef) or one task of it (templateRef)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("workflowTemplateRef", "templateRef") and isinstance(item, Mapping):
                yield item.get("name", "")
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
