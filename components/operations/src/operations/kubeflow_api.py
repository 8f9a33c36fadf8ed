"""KFP's API (v2beta1) as far as runs are started and seen by it; requests and answers are kfp_server_api's.

What its server does is in backend/src/apiserver of kubeflow/pipelines, 2.17: names are found only by filters and by
`pipelines/names`, ids are uids of objects that may be made anew, and in multi-user mode whatever has a namespace is
asked for with it, while in single-user mode it has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kfp_server_api as kfp
import urllib3
from kfp_server_api.exceptions import ApiException

from operations.errors import Unanswered

PAGE = 100  # its server gives 200 in one answer at most
MOST = 1000  # runs that one look goes through, the newest first
OVER = ("SUCCEEDED", "SKIPPED", "FAILED", "CANCELED")


@dataclass(frozen=True)
class KubeflowApi:
    """Its address, the namespace ("" in single-user mode), and the seconds that a request may take."""

    runs: kfp.RunServiceApi
    pipelines: kfp.PipelineServiceApi
    experiments: kfp.ExperimentServiceApi
    schedules: kfp.RecurringRunServiceApi
    namespace: str
    timeout: float

    def version(self, pipeline: str, version: str) -> kfp.V2beta1PipelineVersionReference:
        """The ids that the two names have now."""
        parent = self._ask(self.pipelines.pipeline_service_get_pipeline_by_name, pipeline, **self._scope).pipeline_id
        listed = self._ask(
            self.pipelines.pipeline_service_list_pipeline_versions, parent, filter=equal(name=version)
        ).pipeline_versions
        exact = [item for item in listed or [] if version in (item.name, item.display_name)]
        if not exact:
            raise Unanswered(404, f"the pipeline {pipeline} has no version {version}")
        return kfp.V2beta1PipelineVersionReference(parent, exact[0].pipeline_version_id)

    def experiment(self, name: str) -> str:
        """The id of the experiment that is called so, "" where there is none."""
        ask = self.experiments.experiment_service_list_experiments
        listed = self._ask(ask, filter=equal(display_name=name), **self._scope).experiments
        return next((item.experiment_id for item in listed or [] if item.display_name == name), "")

    def made_experiment(self, name: str) -> str:
        """The id of the experiment that is called so, which is made where it is not there."""
        if found := self.experiment(name):
            return found
        wanted = kfp.V2beta1Experiment(display_name=name, **self._scope)
        try:
            return self._ask(self.experiments.experiment_service_create_experiment, wanted).experiment_id
        except Unanswered as error:
            if error.status == 409 and (found := self.experiment(name)):
                return found
            raise

    def create_run(self, run: kfp.V2beta1Run) -> str:
        """The id of the run that was started."""
        return self._ask(self.runs.run_service_create_run, run).run_id

    def run(self, id: str) -> kfp.V2beta1Run | None:
        """A run by its id."""
        try:
            return self._ask(self.runs.run_service_get_run, id)
        except Unanswered as error:
            if error.status == 404:
                return None
            raise

    def list_runs(self, experiment: str = "", filter: str = "") -> Iterator[kfp.V2beta1Run]:
        """The runs of an experiment or of the namespace, the newest first, 1000 of them at most."""
        where = {"experiment_id": experiment} if experiment else self._scope
        wanted = {"sort_by": "created_at desc", "page_size": PAGE, **({"filter": filter} if filter else {})}
        yield from self._pages(self.runs.run_service_list_runs, "runs", {**where, **wanted})

    def live_versions(self) -> set[str]:
        """The ids of the versions that runs of the namespace which are not over, and recurring runs, were made of."""
        live = self.list_runs(filter=unequal("state", OVER))
        recurring = self._pages(
            self.schedules.recurring_run_service_list_recurring_runs,
            "recurring_runs",
            {"page_size": PAGE, **self._scope},
        )
        references = [item.pipeline_version_reference for item in (*live, *recurring)]
        return {item.pipeline_version_id for item in references if item and item.pipeline_version_id}

    def _pages(self, ask: Callable[..., Any], items: str, wanted: dict[str, Any]) -> Iterator[Any]:
        token, left = "", MOST
        while left > 0:
            answer = self._ask(ask, **wanted, **({"page_token": token} if token else {}))
            yield from getattr(answer, items) or []
            left, token = left - PAGE, answer.next_page_token
            if not token:
                return

    @property
    def _scope(self) -> dict[str, str]:
        return {"namespace": self.namespace} if self.namespace else {}

    def _ask(self, ask: Callable[..., Any], *given: Any, **more: Any) -> Any:
        try:
            return ask(*given, **more, _request_timeout=self.timeout)
        except ApiException as error:
            raise Unanswered(error.status or 0, _said(error)) from error
        except urllib3.exceptions.HTTPError as error:
            raise Unanswered(0, str(error)) from error


def connect(url: str, namespace: str, token_file: Path | None, timeout: float) -> KubeflowApi:
    """KFP's API at an address; a token is read anew for each request, since kubelet replaces it every hour."""
    configuration = kfp.Configuration(host=url.rstrip("/"))
    configuration.retries = False
    if token_file:
        configuration.api_key_prefix["authorization"] = "Bearer"
        configuration.api_key["authorization"] = ""  # without one the hook is never called
        configuration.refresh_api_key_hook = lambda it: it.api_key.update(authorization=token_file.read_text().strip())
    client = kfp.ApiClient(configuration)
    services = (kfp.RunServiceApi, kfp.PipelineServiceApi, kfp.ExperimentServiceApi, kfp.RecurringRunServiceApi)
    return KubeflowApi(*(service(client) for service in services), namespace, timeout)


def _said(error: ApiException) -> str:
    """What the server has answered: the message of its google.rpc.Status, or else all of it."""
    try:
        message = json.loads(error.body)["message"]
    except (TypeError, ValueError, KeyError):
        message = error.body or error.reason
    return f"HTTP {error.status}: {message}"


def equal(**wanted: str) -> str:
    """A filter (backend/api/v2beta1/filter.proto): all fields have these values."""
    return _filter([("EQUALS", key, value) for key, value in wanted.items()])


def unequal(key: str, values: tuple[str, ...]) -> str:
    """A filter: a field has none of these values."""
    return _filter([("NOT_EQUALS", key, value) for value in values])


def _filter(predicates: list[tuple[str, str, str]]) -> str:
    found = [{"operation": how, "key": key, "string_value": value} for how, key, value in predicates]
    return json.dumps({"predicates": found})
