"""A run on Kubeflow Pipelines, started and watched by kfp's client.

Its API has a run's state and that of its tasks. The values of outputs and metrics it does not have: in 2.17 these are
in ML Metadata alone, and shown by its pages.
"""

from __future__ import annotations

import json
import secrets
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generators.engines.engine import Reach
from generators.engines.names import short
from generators.errors import GraftError, Unreached
from generators.ir.definitions import DEFINITION_LABEL
from generators.ir.labels import PIPELINE_LABEL
from generators.live import asking
from generators.live.asking import REQUEST
from generators.live.model import OVER, Run, Step, text_of
from generators.live.wanted import RUN_LABEL, Access, Wanted, not_there

if TYPE_CHECKING:
    import kfp

VERSION_LABEL = "graft.dev/version"
ENDPOINT = "KF_PIPELINES_ENDPOINT"  # kfp's own variable for its API's address
_LONGEST_NAME = 63
_TOKEN = "give one for its audience: --existing-token $(kubectl create token ACCOUNT --audience pipelines.kubeflow.org)"
_FORWARD = "kubectl --namespace=kubeflow port-forward service/ml-pipeline 8888:8888, and --api http://localhost:8888"
_STATES = {
    "PENDING": "WAITING",
    "RUNNING": "RUNNING",
    "SUCCEEDED": "SUCCEEDED",
    "SKIPPED": "REUSED",
    "FAILED": "FAILED",
}
# Nodes of the Workflow that KFP makes which stand for no task of the pipeline's own (backend/src/v2/compiler/
# argocompiler): a task is a DAG of its name, around its driver and its executor.
_INTERNAL = ("executor", "root", "entrypoint", "retry-executor")
_DRIVER = "-driver"


@dataclass(frozen=True)
class Started:
    """A run that was started, by its id and the name that people see."""

    api: Api
    id: str
    name: str
    version: str
    links: Mapping[str, str]

    @property
    def stop(self) -> str:
        return f"""python -c 'import kfp; kfp.Client("{self.api.url}").terminate_run("{self.id}")'"""

    def now(self) -> Run:
        """The run as it is."""
        with _translated(self.api.url):
            found = self.api.client.runs.run_service_get_run(self.id, _request_timeout=REQUEST)
        return run(found, self.name, self.version)


@dataclass(frozen=True)
class Api:
    """kfp's client, and the address that it is of."""

    client: kfp.Client
    url: str


def connect(access: Access, reach: Mapping[str, str], namespace: str, environ: Mapping[str, str]) -> Api:
    """kfp's client of the address that a person gives, or else of the one that pods of the cluster use."""
    url = (access.api or environ.get(ENDPOINT) or reach["api"]).rstrip("/")
    with _translated(url), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # kfp warns of its own version whenever a client is made
        import kfp

        tokens = {"existing_token": access.existing_token or None, "client_id": access.iap_client_id or None}
        return Api(asking.within(lambda: kfp.Client(host=url, namespace=namespace, **tokens)), url)


def facts(reach: Reach) -> dict[str, str]:
    """How `operations` reaches KFP, by option: api, mode, experiment, account."""
    return dict(argument.removeprefix("--").split("=", 1) for argument in reach.arguments)


def start(wanted: Wanted, api: Api, reach: Mapping[str, str]) -> Started:
    """Start a run of the version that is rendered, found by its name; GraftError where KFP does not have it."""
    client, models = api.client, api.client.api_models
    scope = {"namespace": wanted.declared.environment.namespace} if reach["mode"] == "multi-user" else {}
    with _translated(api.url):
        reference = _version(client, wanted, scope)
        experiment = _experiment(client, reach["experiment"], scope)
        name = f"{short(wanted.version, _LONGEST_NAME - 7)}-{secrets.token_hex(3)}"
        made = client.runs.run_service_create_run(
            models.V2beta1Run(
                display_name=name,
                description=_description(name, wanted),
                experiment_id=experiment,
                pipeline_version_reference=models.V2beta1PipelineVersionReference(*reference),
                runtime_config=models.V2beta1RuntimeConfig(parameters=dict(wanted.parameters)),
                service_account=reach["account"],
            ),
            _request_timeout=REQUEST,
        )
    page = f"{api.url}/#/runs/details/{made.run_id}"
    return Started(api, made.run_id, name, wanted.version, {"Kubeflow Pipelines": page})


def run(found: Any, name: str, version: str) -> Run:
    """A run as its answer says it."""
    tasks = [task for task in (found.run_details and found.run_details.task_details) or [] if _is_own(task)]
    failed = min((task for task in tasks if task.state == "FAILED"), key=_ended, default=None)
    errors = [found.error, failed and failed.error, *(past.error for past in reversed(found.state_history or []))]
    phase = (found.state or "PENDING").capitalize()
    return Run(
        name=name,
        phase=phase,
        version=version,
        message=next((error.message for error in errors if error and error.message), ""),
        started=text_of(found.created_at),
        finished=text_of(found.finished_at) if phase in OVER else "",
        step=failed.display_name if failed else "",
        steps=tuple(map(_step, tasks)),
    )


def _version(client: kfp.Client, wanted: Wanted, scope: Mapping[str, str]) -> tuple[str, str]:
    """The ids that the pipeline and the version have now; a version that was made anew has another than before."""
    exceptions = _api_exceptions()
    try:
        pipeline = client.pipelines.pipeline_service_get_pipeline_by_name(
            wanted.declared.pipeline.name, **scope, _request_timeout=REQUEST
        )
    except exceptions as error:
        if error.status == 404:
            raise not_there(wanted, "PipelineVersion") from error
        raise
    listed = client.pipelines.pipeline_service_list_pipeline_versions(
        pipeline.pipeline_id, filter=_equal("name", wanted.version), _request_timeout=REQUEST
    )
    for version in listed.pipeline_versions or []:
        if wanted.version in (version.name, version.display_name):
            return pipeline.pipeline_id, version.pipeline_version_id
    raise not_there(wanted, "PipelineVersion")


def _experiment(client: kfp.Client, name: str, scope: Mapping[str, str]) -> str:
    """The id of the experiment that is called so, which is made where it is not there."""
    listed = client.experiments.experiment_service_list_experiments(
        filter=_equal("display_name", name), **scope, _request_timeout=REQUEST
    )
    for found in listed.experiments or []:
        if found.display_name == name:
            return found.experiment_id
    wanted = client.api_models.V2beta1Experiment(display_name=name, **scope)
    return client.experiments.experiment_service_create_experiment(wanted, _request_timeout=REQUEST).experiment_id


def _description(name: str, wanted: Wanted) -> str:
    """What `operations` knows a run of graft's by: KFP's runs have no labels."""
    definition = wanted.manifest["metadata"]["labels"][DEFINITION_LABEL]
    facts = {RUN_LABEL: name, PIPELINE_LABEL: wanted.declared.pipeline.name, VERSION_LABEL: wanted.version}
    return "\n".join(f"{key}: {value}" for key, value in (facts | {DEFINITION_LABEL: definition}).items())


def _equal(key: str, value: str) -> str:
    """A filter (backend/api/v2beta1/filter.proto): the field has this value."""
    return json.dumps({"predicates": [{"operation": "EQUALS", "key": key, "string_value": value}]})


def _is_own(task: Any) -> bool:
    """Whether a task is one of the pipeline's, and no node that KFP puts around it."""
    name = task.display_name or ""
    return bool(name) and name not in _INTERNAL and not name.endswith(_DRIVER)


def _step(task: Any) -> Step:
    seconds = (task.end_time - task.start_time).total_seconds() if task.end_time and task.start_time else 0.0
    message = task.error.message if task.error and task.error.message else ""
    state = _STATES.get(task.state, "WAITING")
    return Step(task.task_id or task.display_name, task.display_name, state, max(0.0, seconds), message)


def _ended(task: Any) -> tuple[bool, Any]:
    return task.end_time is None, task.end_time


def _api_exceptions() -> type[Exception]:
    from kfp_server_api.exceptions import ApiException

    return ApiException


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """What goes wrong on the way to KFP's API, in words."""
    from kfp_server_api.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ApiException as error:
        if error.status in (401, 403):
            raise Unreached(f"{url}: {_said(error)}", _TOKEN) from error
        if error.status == 400:
            raise GraftError(f"Kubeflow Pipelines refuses the run: {_said(error)}") from error
        raise Unreached(f"{url}: {_said(error)}", f"is that its API? {_FORWARD}") from error
    except (HTTPError, TimeoutError) as error:
        raise Unreached(f"{url}: {error}", f"is it reachable from here? {_FORWARD}") from error


def _said(error: Any) -> str:
    """What the server has answered: the message of its google.rpc.Status, or else why there is none."""
    try:
        return f"HTTP {error.status}: {json.loads(error.body)['message']}"
    except (TypeError, ValueError, KeyError):
        return f"HTTP {error.status}: {error.reason}"
