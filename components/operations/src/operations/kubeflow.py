"""Kubeflow Pipelines: a run is started by its API, by ids that are looked up by name just before.

Its runs have no labels, and their names need not differ: what graft knows of a run stands in the run's description, one
`key: value` a line, and that there is one run of a name is the record's to see to. Its API gives no values of outputs
and no metrics (in 2.17 they are in ML Metadata alone), so an outcome has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import kfp_server_api as kfp
from lightkube import Client

from operations.cluster import (
    DEFINITION,
    OWN,
    PIPELINE,
    RUN,
    VERSION,
    PipelineVersion,
    created,
    delete,
    each,
    found,
    labels_of,
)
from operations.errors import Refused, Unanswered
from operations.kubeflow_api import OVER, KubeflowApi, equal
from operations.logs import last_lines
from operations.model import Outcome, Run, Seen, Version, text_of

OF_RUN = "pipeline/runid"  # a label of a run's pods


@dataclass(frozen=True)
class Kubeflow:
    """The runs of an experiment and the PipelineVersions of a namespace; runs have the service account `account`."""

    client: Client
    api: KubeflowApi
    experiment: str
    account: str = ""

    def find(self, run: Run, id: str = "") -> Seen | None:
        if id:
            known = self.api.run(id)
            return known and Seen(run, id, _outcome(known))
        experiment = self.api.experiment(self.experiment)
        same = self.api.list_runs(experiment, equal(display_name=run.name)) if experiment else ()
        own = next((it for it in same if it.display_name == run.name and _facts(it).get(RUN) == run.name), None)
        return own and Seen(run, own.run_id, _outcome(own))

    def prepared(self, run: Run) -> Callable[[], str]:
        experiment = self.api.made_experiment(self.experiment)
        reference = self.api.version(run.pipeline, run.version)
        version = found(self.client, PipelineVersion, run.version)
        facts = {RUN: run.name, PIPELINE: run.pipeline, VERSION: run.version}
        facts |= {DEFINITION: labels_of(version)[DEFINITION]} if version and DEFINITION in labels_of(version) else {}
        wanted = kfp.V2beta1Run(
            display_name=run.name,
            description="\n".join(f"{key}: {value}" for key, value in facts.items()),
            experiment_id=experiment,
            pipeline_version_reference=reference,
            runtime_config=kfp.V2beta1RuntimeConfig(parameters={}),
            **({"service_account": self.account} if self.account else {}),
        )
        return lambda: self._post(wanted)

    def runs(self) -> Iterator[Seen]:
        if experiment := self.api.experiment(self.experiment):
            for run in self.api.list_runs(experiment):
                facts = _facts(run)
                if facts.get(RUN) == run.display_name:
                    named = Run(run.display_name, facts.get(PIPELINE, ""), facts.get(VERSION, ""))
                    yield Seen(named, run.run_id, _outcome(run))

    def log(self, seen: Seen) -> str:
        return last_lines(self.client, {OF_RUN: seen.id})

    def versions(self) -> list[Version]:
        return [
            Version(it.metadata.name, it["spec"]["pipelineName"], created(it), it.metadata.uid)
            for it in each(self.client, PipelineVersion, OWN)
        ]

    def named(self) -> set[str]:
        return self.api.live_versions()

    def delete(self, version: Version) -> None:
        delete(self.client, PipelineVersion, version.name)

    def _post(self, run: kfp.V2beta1Run) -> str:
        try:
            return self.api.create_run(run)
        except Unanswered as error:
            if error.status in (400, 409):
                raise Refused(f"Kubeflow Pipelines refuses the run {run.display_name}: {error}") from error
            raise


def _facts(run: kfp.V2beta1Run) -> dict[str, str]:
    """What graft has written into a run's description."""
    lines = (line.partition(": ") for line in (run.description or "").splitlines())
    return {key: value for key, _, value in lines}


def _outcome(run: kfp.V2beta1Run) -> Outcome | None:
    if run.state not in OVER:
        return None
    failed = _failed_task(run)
    errors = [run.error, failed and failed.error, *(past.error for past in reversed(run.state_history or []))]
    return Outcome(
        phase=run.state.capitalize(),
        message=next((error.message for error in errors if error and error.message), ""),
        started=text_of(run.created_at),
        finished=text_of(run.finished_at) if run.finished_at else "",
        step=failed.display_name if failed else "",
    )


def _failed_task(run: kfp.V2beta1Run) -> kfp.V2beta1PipelineTaskDetail | None:
    """The task that failed first, and not because one below it did."""
    tasks = (run.run_details and run.run_details.task_details) or []
    failed = [task for task in tasks if task.state == "FAILED"]
    parents = {task.parent_task_id for task in failed if task.parent_task_id}
    leaves = [task for task in failed if task.task_id not in parents and not task.child_tasks] or failed
    return min(leaves, key=lambda task: (task.end_time is None, task.end_time), default=None)
