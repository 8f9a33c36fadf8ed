"""Overlay an environment and a cluster on a definition: a pure function from IR to IR.

It writes the fields that KFP's driver reads, and by `ir.view` their deprecated twins in step. What it is given must fit
the definition; `fleet.compatibility` says where it does not.
"""

from __future__ import annotations

import json
import re
from typing import Any

from generators.errors import GraftError
from generators.ir.definitions import Definition
from generators.ir.pod_security import secured
from generators.ir.split import split_executors
from generators.ir.steps import Step, steps
from generators.ir.values import conform, kind_of
from generators.ir.view.container import accelerator_fields, resource_fields
from generators.ir.view.opened import Opened, opened, without_empty
from generators.ir.view.pod import pull_secret, secrets_as_env
from generators.ir.view.task import retry_policy
from generators.model import Accelerator, Cluster, Environment, Image, Pipeline, SecretKey, StepOverlay
from generators.quantities import seconds

OWN_VARIABLES = {"GRAFT_PIPELINE", "GRAFT_DEFINITION", "GRAFT_ENVIRONMENT", "GRAFT_IMAGE"}
NAMED_IMAGE = re.compile(r"image://([\w.:/-]+)")  # a whole text in a parameter's value that stands for an image
_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")  # boto3 reads the second alone, most others the first
_KEPT = ("resourceTtlOnCompletion", "resourceTtlOnSuccess", "resourceTtlOnFailure")
PASSWORD_VARIABLE = "PGPASSWORD"  # what libpq reads, so that a password never has to be written into a URL


def overlay(
    definition: Definition, environment: Environment, cluster: Cluster, pipeline: Pipeline
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and PlatformSpec that `cluster` runs; the definition itself is left as it is."""
    ir = opened(*split_executors(definition.spec, definition.platform))
    ir.spec["defaultPipelineRoot"] = f"{environment.storage.uri.rstrip('/')}/pipelines/{pipeline.name}"
    for name, value in pipeline.parameters.items():
        declared = ir.parameters[name]
        named = conform(kind_of(declared), _with_images(value, definition, environment))
        declared |= {"defaultValue": named, "isOptional": True}
    facts = {
        "GRAFT_PIPELINE": pipeline.name,
        "GRAFT_DEFINITION": definition.hash,
        "GRAFT_ENVIRONMENT": environment.name,
    }
    _whole_run(ir, environment, pipeline)
    for step in steps(ir.spec):
        wanted = pipeline.steps.get(step.path, StepOverlay())
        _task(step, wanted)
        if container := ir.executors[step.executor].get("container"):
            settings = ir.pods.setdefault(step.executor, {})
            container["image"] = image_reference(wanted.image or container["image"], definition, environment)
            _container(container, wanted, environment, facts)
            _accelerate(container, settings, wanted, cluster)
            _pod(settings, wanted, environment)
            ir.pods[step.executor] = secured(settings, cluster.facts.get("pod_security", ""))
    return ir.spec, without_empty(ir.platform)


def _whole_run(ir: Opened, environment: Environment, pipeline: Pipeline) -> None:
    """How long a run may take, and how long it is kept after its end, where the pipeline's code says nothing of it."""
    if pipeline.timeout:
        ir.config["activeDeadlineSeconds"] = seconds(pipeline.timeout)
    if environment.keep.runs and not any(field in ir.config for field in _KEPT):
        ir.config["resourceTtlOnCompletion"] = seconds(environment.keep.runs)


def image_reference(image: str, definition: Definition, environment: Environment) -> str:
    """Where an image is pulled from: a component's by the digest that was built from the definition's source of it.

    Any other image is the whole reference that the environment has for it, or is one already.
    """
    known = environment.images.get(image, Image())
    if source := definition.sources.get(image):
        return f"{environment.registry}/{image}@{known.digest(source)}"
    return known.reference or image


def _with_images(value: Any, definition: Definition, environment: Environment) -> Any:
    """A parameter's value with whole references for the images that it names, so that what a step hands on is seen."""
    if isinstance(value, dict):
        return {key: _with_images(item, definition, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_images(item, definition, environment) for item in value]
    named = NAMED_IMAGE.fullmatch(value) if isinstance(value, str) else None
    return image_reference(named[1], definition, environment) if named else value


def chosen_accelerator(wanted: StepOverlay, cluster: Cluster) -> Accelerator | None:
    """The cluster's accelerator, for a step that asks for one; the schema allows one a cluster."""
    wants_one = wanted.accelerator in ("optional", "required")
    return cluster.accelerators[0] if wants_one and cluster.accelerators else None


def _task(step: Step, wanted: StepOverlay) -> None:
    if wanted.cache is not None:
        step.task["cachingOptions"] = {"enableCache": True} if wanted.cache else {}
    if wanted.retry:
        step.task["retryPolicy"] = _retry_policy(wanted.retry)


def _retry_policy(retry: dict[str, Any]) -> dict[str, Any]:
    duration, longest = (f"{seconds(retry[key])}s" if key in retry else "" for key in ("backoff", "limit"))
    return retry_policy(retry["count"], duration, retry.get("factor", 0), longest)


def _container(container: dict[str, Any], wanted: StepOverlay, environment: Environment, facts: dict[str, str]) -> None:
    env = {item["name"]: item["value"] for item in container.get("env", [])}
    env |= facts | {"GRAFT_IMAGE": container["image"]} | environment.env | used_env(wanted, environment) | wanted.env
    container["env"] = [{"name": name, "value": value} for name, value in sorted(env.items())]
    if wanted.resources or wanted.requests:
        asked = resource_fields(wanted.resources) | resource_fields(wanted.requests, ("Request",))
        container["resources"] = container.get("resources", {}) | asked


def used_env(wanted: StepOverlay, environment: Environment) -> dict[str, str]:
    """The variables that tell one step where the services are that it uses."""
    env = {"MLFLOW_TRACKING_URI": environment.database.url} if "database" in wanted.uses else {}
    if "storage" in wanted.uses:
        env["STORAGE_URI"] = environment.storage.uri
        env |= {"AWS_ENDPOINT_URL": environment.storage.endpoint} if environment.storage.endpoint else {}
        env |= dict.fromkeys(_REGION, environment.storage.region) if environment.storage.region else {}
    return env


def used_secrets(wanted: StepOverlay, environment: Environment) -> dict[str, SecretKey]:
    """Variable to the Secret's key that gives its value, for one step."""
    password = environment.database.password
    secrets = {PASSWORD_VARIABLE: password} if "database" in wanted.uses and password else {}
    stored = environment.storage.credentials if "storage" in wanted.uses else {}
    return secrets | stored | wanted.secrets


def _accelerate(container: dict[str, Any], settings: dict[str, Any], wanted: StepOverlay, cluster: Cluster) -> None:
    resources = container.get("resources", {})
    if wanted.accelerator == "none" and "accelerator" in resources:
        container["resources"] = {name: value for name, value in resources.items() if name != "accelerator"}
    accelerator = chosen_accelerator(wanted, cluster)
    if not accelerator:
        return
    container["resources"] = resources | {"accelerator": accelerator_fields(accelerator.type)}
    if accelerator.node_selector:
        settings["nodeSelector"] = _selecting(settings.get("nodeSelector", {}), accelerator.node_selector)
    if accelerator.tolerations:
        settings["tolerations"] = [*settings.get("tolerations", ()), *accelerator.tolerations]


def _selecting(selector: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """A node selector with labels added; where it is written as JSON, KFP reads nothing else."""
    if "nodeSelectorJson" not in selector:
        return selector | {"labels": selector.get("labels", {}) | labels}
    source = selector["nodeSelectorJson"].get("runtimeValue")
    if source is None:
        message = "a step's node selector is decided when it runs, and its accelerator asks for nodes of its own"
        raise GraftError(message, "give the step no accelerator in the inventory, or no node selector in the pipeline")
    known = source["constant"]
    known = json.loads(known) if isinstance(known, str) else known
    return selector | {"nodeSelectorJson": {"runtimeValue": {"constant": {**(known or {}), **labels}}}}


def _pod(settings: dict[str, Any], wanted: StepOverlay, environment: Environment) -> None:
    if secrets := used_secrets(wanted, environment):
        named = {variable: (each.secret, each.key) for variable, each in secrets.items()}
        settings["secretAsEnv"] = [*settings.get("secretAsEnv", ()), *secrets_as_env(named)]
    if selector := environment.node_selector | wanted.node_selector:
        settings["nodeSelector"] = _selecting(settings.get("nodeSelector", {}), selector)
    if environment.pull_secrets:
        settings["imagePullSecret"] = [
            *settings.get("imagePullSecret", ()),
            *map(pull_secret, environment.pull_secrets),
        ]
    if policy := wanted.pull_policy or environment.pull_policy:
        settings["imagePullPolicy"] = policy
    if wanted.timeout:
        settings["activeDeadlineSeconds"] = str(seconds(wanted.timeout))
    if labels := environment.labels | wanted.labels:
        metadata = settings.get("podMetadata", {})
        settings["podMetadata"] = metadata | {"labels": metadata.get("labels", {}) | labels}
