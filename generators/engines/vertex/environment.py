"""What an environment, or a cluster of it, says of all steps, and a job of Vertex AI cannot have: told there, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generators.engines.engine import Target, Unsupported
from generators.engines.vertex import settings, variables
from generators.engines.vertex.machines import ACCELERATORS
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown
from generators.ir.overlay import used_secrets
from generators.model import Cluster, Environment, StepOverlay


def problems(cluster: Cluster, environment: Environment) -> Iterator[Problem]:
    """What an environment says of all its steps, and a job of Vertex AI cannot have."""
    yield from _services(environment, cluster.facts.get("service_account", "the service account of the job"))
    for name, problem in variables.misread(environment.env):
        yield Problem(("env", name), "variable", problem.message, problem.found, fix=problem.fix)
    for key in environment.labels:
        yield _platform(("labels", key), settings.message("podMetadata"), "remove it")
    if environment.pull_policy:
        yield _platform(("pull_policy",), settings.message("imagePullPolicy"), "remove it")
    for accelerator in cluster.accelerators:
        for key in ("node_selector", "tolerations"):
            if getattr(accelerator, key):
                path = ("clusters", cluster.name, "accelerators", accelerator.type, key)
                yield _platform(path, "Vertex AI finds the machine by the accelerator alone", "remove it")


def _services(environment: Environment, account: str) -> Iterator[Problem]:
    """What a step could not reach, or only by a Secret."""
    if not environment.storage.uri.startswith("gs://"):
        message, allowed = "Vertex AI keeps the artifacts of a pipeline in Cloud Storage", "gs://<bucket>"
        found = shown(environment.storage.uri)
        yield Problem(("storage", "uri"), "storage", message, found, allowed, f"write {allowed}")
    if environment.storage.credentials:
        message = "a step on Vertex AI has no Secrets, and reaches the bucket as its service account"
        yield _platform(("storage", "credentials"), message, f"remove it, and let {account} write to the bucket")
    if environment.database.password:
        message = "a step on Vertex AI has no Secrets, and logs in to the database by IAM"
        fix = "remove it, and name the service account's user: postgresql://ACCOUNT%40PROJECT.iam@HOST:5432/DATABASE"
        yield _platform(("database", "password"), message, fix)


def _platform(path: KeyPath, message: str, fix: str) -> Problem:
    return Problem(path, "platform", message, fix=fix)


def says(refused: Unsupported, target: Target) -> bool:
    """Whether a step has what it is refused for from what is said of all steps, where `problems` has found it."""
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
