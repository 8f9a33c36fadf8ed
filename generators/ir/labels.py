"""The labels that operators filter and group by: on every rendered object, and on the pods of a run.

`app.kubernetes.io/*` are those that Kubernetes recommends.
https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
"""

from __future__ import annotations

from generators.ir.definitions import Definition
from generators.model import Environment

PIPELINE_LABEL = "app.kubernetes.io/name"
VERSION_LABEL = "app.kubernetes.io/version"
ENVIRONMENT_LABEL, OWNER_LABEL = "graft.dev/environment", "graft.dev/owner"


def of_environment(environment: Environment) -> dict[str, str]:
    """Those of everything that is made for an environment."""
    owner = {OWNER_LABEL: environment.owner} if environment.owner else {}
    common = {"app.kubernetes.io/part-of": "pipelines", "app.kubernetes.io/managed-by": "graft"}
    return {**common, ENVIRONMENT_LABEL: environment.name, **owner}


def of_pipeline(environment: Environment, definition: Definition) -> dict[str, str]:
    """Those of everything that a definition becomes in an environment, and of its pods."""
    named = {PIPELINE_LABEL: definition.pipeline, VERSION_LABEL: definition.hash}
    return {**named, **of_environment(environment)}
