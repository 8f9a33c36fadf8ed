"""The `vertex` engine: a PipelineJob of Vertex AI Pipelines, which runs a compiled pipeline once for each submission.

There is no cluster to apply anything to, so no Application, platform or schedule. `job` makes the document; `refusals`
finds what of a pipeline cannot run there: what `settings` lists of Kubernetes, what no machine of `machines` has, and
`variables` that would have another value. `environment` is about what an environment says of all its steps.
"""

from __future__ import annotations

from dataclasses import replace

from generators.engines.engine import (
    ALWAYS_IN_KEY,
    CacheRule,
    Converted,
    Document,
    Engine,
    Rendered,
    Start,
    Target,
    Unsupported,
)
from generators.engines.vertex import environment
from generators.engines.vertex.machines import ACCELERATORS
from generators.errors import Refused
from generators.ir import arguments
from generators.ir.validate.kubernetes import Form
from generators.model import Finding, Place

FILE = "pipelinejob.yaml"
_ACCOUNT = r"[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.gserviceaccount\.com"

# https://cloud.google.com/vertex-ai/docs/pipelines/configure-caching
_CACHE = CacheRule(ALWAYS_IN_KEY | {"variable"}, True, "the cache of Vertex AI Pipelines")


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    from generators.engines.vertex import job, refusals

    found = [each for each in refusals.of(spec, platform) if not environment.says(each, target)]
    if found:
        return Rendered({}, tuple(map(_in_its_place, found)))
    return Rendered({FILE: [job.deployed(target, spec)]})


def _in_its_place(refused: Unsupported) -> Unsupported:
    """What an environment may drop without dropping it for all that a class says it for, with how to."""
    if refused.rule != "platform" or not refused.setting:
        return refused
    hint = f'; what base/ says of a step, an environment replaces by "~{refused.step}": {{...}}'
    return replace(refused, fix=refused.fix + hint)


def _convert(spec: Document, platform: Document, start: Start) -> Converted:
    from generators.engines.vertex import job, refusals

    refused = (*refusals.of(spec, platform), *refusals.of_start(spec, start.parameters))
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
    problems=environment.problems,
    on_kubernetes=False,
    devices=ACCELERATORS,
    cache=lambda cluster: _CACHE,
    own_variables=("AIP_*", "CLOUD_ML_*", "CLUSTER_SPEC"),  # of custom training, which runs the steps
)
