"""The `vertex` engine: a PipelineJob of Vertex AI Pipelines, which runs a compiled pipeline once for each submission.

There is no cluster to apply anything to, so no Application, platform or schedule. `job` makes the document, `settings`
says what of Kubernetes a step cannot have there, `limits` what else of a pipeline cannot run, `refusals` why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from generators.engines.engine import (
    Converted,
    Document,
    Engine,
    Object,
    Rendered,
    Start,
    Target,
    Unsupported,
)
from generators.engines.vertex.machines import ACCELERATORS
from generators.errors import Refused
from generators.inventory.schema import Problem, shown
from generators.ir import arguments
from generators.ir.overlay import used_secrets
from generators.ir.validate.kubernetes import Form
from generators.model import Cluster, Environment, Finding, Place, StepOverlay

if TYPE_CHECKING:
    from generators.ir.normal_form import Names, Shape

FILE = "pipelinejob.yaml"
_ACCOUNT = r"[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.gserviceaccount\.com"


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    from generators.engines.vertex import job, refusals

    found = [each for each in refusals.of(spec, platform) if not _is_the_environment_s(each, target)]
    if found:
        return Rendered({}, tuple(map(_in_its_place, found)))
    return Rendered({FILE: [job.deployed(target, spec)]})


def _in_its_place(refused: Unsupported) -> Unsupported:
    """What an environment may drop without dropping it for all that a class says it for, with how to."""
    if refused.rule != "platform" or not refused.setting:
        return refused
    hint = f'; what base/ says of a step, an environment replaces by "~{refused.step}": {{...}}'
    return replace(refused, fix=refused.fix + hint)


def _is_the_environment_s(refused: Unsupported, target: Target) -> bool:
    """Whether a step has a setting from what its environment or its cluster says of all, where `_problems` finds it."""
    wanted, environment = target.pipeline.steps.get(refused.step, StepOverlay()), target.environment
    match refused.setting:
        case ("secrets", name):
            return name not in wanted.secrets and name in used_secrets(replace(wanted, secrets={}), environment)
        case ("labels", key):
            return key not in wanted.labels and key in environment.labels
        case ("env", name):
            return name not in wanted.env and name in environment.env
        case ("pull_policy",):
            return not wanted.pull_policy and bool(environment.pull_policy)
        case ("accelerator",):
            known = target.cluster.accelerators
            return any(each.node_selector or each.tolerations or each.type not in ACCELERATORS for each in known)
    return False


def _problems(cluster: Cluster, environment: Environment) -> Iterator[Problem]:
    """What an environment says of all its steps, and a job of Vertex AI cannot have."""
    from generators.engines.vertex import settings, variables

    uri, account = environment.storage.uri, cluster.facts.get("service_account", "the service account of the job")
    if not uri.startswith("gs://"):
        message = "Vertex AI keeps the artifacts of a pipeline in Cloud Storage"
        yield Problem(("storage", "uri"), "storage", message, shown(uri), "gs://<bucket>", "write gs://<bucket>")
    if environment.storage.credentials:
        message = "a step on Vertex AI has no Secrets, and reaches the bucket as its service account"
        fix = f"remove it, and let {account} write to the bucket"
        yield Problem(("storage", "credentials"), "platform", message, fix=fix)
    if environment.database.password:
        message = "a step on Vertex AI has no Secrets, and logs in to the database by IAM"
        fix = "remove it, and name the service account's user: postgresql://ACCOUNT%40PROJECT.iam@HOST:5432/DATABASE"
        yield Problem(("database", "password"), "platform", message, fix=fix)
    for name, problem in variables.misread(environment.env):
        yield Problem(("env", name), "variable", problem.message, problem.found, fix=problem.fix)
    for key in environment.labels:
        yield Problem(("labels", key), "platform", settings.message("podMetadata"), key, fix="remove it")
    if environment.pull_policy:
        yield Problem(("pull_policy",), "platform", settings.message("imagePullPolicy"), fix="remove it")
    for accelerator in cluster.accelerators:
        for key in ("node_selector", "tolerations"):
            if getattr(accelerator, key):
                path = ("clusters", cluster.name, "accelerators", accelerator.type, key)
                yield Problem(path, "platform", "Vertex AI finds the machine by the accelerator alone", fix="remove it")


def _convert(spec: Document, platform: Document, start: Start) -> Converted:
    from generators.engines.vertex import job, refusals

    refused = (*refusals.of(spec, platform), *refusals.of_start(spec))
    if refused:
        return Converted([], refused)
    if start.run:
        _check(spec, start)
    return Converted([job.started(spec, start)])


def _check(spec: Document, start: Start) -> None:
    """Refuse parameters of a run that do not fit the pipeline."""
    problems = arguments.problems(spec["root"], start.parameters)
    if found := [
        Finding("invalid", "vertex", rule, Place(start.source), path, message, **more)
        for rule, path, message, more in problems
    ]:
        raise Refused(found)


def _read_back(obj: Object) -> Shape | None:
    """Nothing is read back: what is rendered is the very IR."""
    return None


def _names() -> Names:
    from generators.ir.normal_form import IR_NAMES

    return IR_NAMES


ENGINE = Engine(
    name="vertex",
    needs=("project", "location", "service_account"),
    takes=frozenset({"project", "location", "service_account", "network", "accelerators"}),
    facts={
        "project": {
            "description": "the id of the Google Cloud project that the jobs run in",
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]{4,28}[a-z0-9]$",
            "examples": ["ml-prod-4711"],
        },
        "location": {
            "description": "the region of Google Cloud that the jobs run in",
            "type": "string",
            "pattern": "^[a-z]+-[a-z]+[0-9]+$",
            "examples": ["europe-west4"],
        },
        "service_account": {
            "description": "the service account that the steps run as: it reaches the bucket and the database",
            "type": "string",
            "pattern": f"^{_ACCOUNT}$",
            "examples": ["pipelines@ml-prod-4711.iam.gserviceaccount.com"],
        },
        "network": {
            "description": "the network that steps are peered with, by its project's number: for a private database",
            "type": "string",
            "pattern": "^projects/[0-9]+/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?$",
            "examples": ["projects/471100815/global/networks/ml"],
        },
    },
    render=_render,
    convert=_convert,
    starts=frozenset({"run"}),
    accounts=Form(
        _ACCOUNT, "is not a service account of Google Cloud", "its address: NAME@PROJECT.iam.gserviceaccount.com"
    ),
    read_back=_read_back,
    names=_names,
    problems=_problems,
    on_kubernetes=False,
    devices=ACCELERATORS,
    own_variables=("AIP_*", "CLOUD_ML_*", "CLUSTER_SPEC"),  # of custom training, which runs the steps
)
