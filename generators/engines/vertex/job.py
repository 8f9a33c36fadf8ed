"""The PipelineJob, the message of Vertex AI's API that runs a pipeline, as JSON has it.

https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generators.engines.engine import Document, Object, Start, Target
from generators.engines.names import plain, short
from generators.engines.vertex.machines import read_alone
from generators.ir.definitions import CONTENT_LABEL, DEFINITION_LABEL, hash_of
from generators.ir.view import Pipeline
from generators.ir.view.tree import PARAMETERS

ENVIRONMENT_LABEL = "graft.dev/environment"
_LONGEST_ID = 128


def deployed(target: Target, spec: Document) -> Object:
    """The job of one pipeline on one cluster.

    Its parameters are those that the inventory says; others have the default of the pipeline. The name ends in the hash
    of its content, and says which project and location it is for: a server overlooks it, and takes the id from the
    request (https://google.aip.dev/133).
    """
    facts, name = target.cluster.facts, target.definition.pipeline
    declared = Pipeline.of(spec).root.inputs(PARAMETERS)
    values = {name: declared[name]["defaultValue"] for name in target.pipeline.parameters}
    content = _content(spec, name, values, facts["service_account"], facts.get("network", ""))
    labels = {
        DEFINITION_LABEL: target.definition.hash,
        CONTENT_LABEL: hash_of(content),
        ENVIRONMENT_LABEL: target.environment.name,
    }
    place = f"projects/{facts['project']}/locations/{facts['location']}"
    named = {"name": f"{place}/pipelineJobs/{_id(name, content)}"}
    return named | content | {"labels": {_label(key): value for key, value in labels.items()}}


def started(spec: Document, start: Start) -> Object:
    """The job of any compiled pipeline; which project and location it is for, its submission says."""
    content = _content(spec, start.name or Pipeline.of(spec).name, start.parameters, start.account)
    return content | {"labels": {_label(CONTENT_LABEL): hash_of(content)}}


def _content(spec: Document, name: str, parameters: Mapping[str, Any], account: str, network: str = "") -> Object:
    values = {name: value for name, value in parameters.items() if value is not None}
    job = {
        "displayName": name,
        "pipelineSpec": _with_limits_alone(spec),
        "runtimeConfig": {"gcsOutputDirectory": Pipeline.of(spec).storage}
        | ({"parameterValues": values} if values else {}),
        "serviceAccount": account,
        "network": network,
    }
    return {key: value for key, value in job.items() if value}


def _id(pipeline: str, content: Object) -> str:
    """The id of a job: its pipeline, and the hash of what it runs."""
    hash_ = hash_of(content)
    return f"{short(plain(pipeline), _LONGEST_ID - len(hash_) - 1)}-{hash_}"


def _label(key: str) -> str:
    """A label's key as Google Cloud takes it: lower case letters, digits, dashes and underscores."""
    return re.sub(r"[^a-z0-9_-]", "-", key)


def _with_limits_alone(spec: Document) -> Document:
    """A PipelineSpec whose containers ask for what Vertex AI reads."""
    deployment = spec.get("deploymentSpec", {})
    executors = {
        label: {**executor, "container": {**container, "resources": read_alone(container["resources"])}}
        for label, executor in deployment.get("executors", {}).items()
        if "resources" in (container := executor.get("container", {}))
    }
    if not executors:
        return spec
    return {**spec, "deploymentSpec": {**deployment, "executors": {**deployment["executors"], **executors}}}
