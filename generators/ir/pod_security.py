"""What Kubernetes' Pod Security asks of a step's pod, as far as a PlatformSpec can say it.

Whatever is said, KFP 2.17 gives a step's container no privilege escalation, no capabilities and the runtime's seccomp
profile, and its own containers a user who is not root (backend/src/v2/compiler/argocompiler/security_context.go), and
the argo engine does the same. What is left for the level `restricted` is that the step's own container must not run as
root: its image decides that, so the cluster has to be told to hold it to it.
https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.steps import steps
from generators.ir.view import Pipeline
from generators.ir.view.opened import opened, without_empty

LEVELS = ("privileged", "baseline", "restricted")
RESTRICTED = "restricted"
FIELD = "securityContext"
_FIX = "give its image a user who is not root, and leave this out"


@dataclass(frozen=True)
class Unmet:
    """What the pipeline's code says of a step that no pod of the level may say: `path` is the step's."""

    path: str
    field: str
    found: str
    allowed: str
    fix: str = _FIX

    @property
    def message(self) -> str:
        """The field and what it does; what runs the pipeline would refuse the pod when it starts."""
        return f"{FIELD}.{self.field} lets it run as root, which the Pod Security level {RESTRICTED} does not admit"


def secured(settings: Mapping[str, Any], level: str) -> dict[str, Any]:
    """The settings of a step's pod with what the level asks for; what they say themselves stays."""
    if level != RESTRICTED:
        return dict(settings)
    return {**settings, FIELD: {"runAsNonRoot": True, **settings.get(FIELD, {})}}


def at_level(spec: dict[str, Any], platform: dict[str, Any], level: str) -> dict[str, Any]:
    """The PlatformSpec of a pipeline with what the level asks of each step's pod."""
    if level != RESTRICTED:
        return platform
    ir = opened(spec, platform)
    for step in steps(spec):
        if "container" in ir.executors.get(step.executor, {}):
            ir.pods[step.executor] = secured(ir.pods.get(step.executor, {}), level)
    return without_empty(ir.platform)


def unmet(spec: dict[str, Any], platform: dict[str, Any], level: str) -> Iterator[Unmet]:
    """Every step whose own settings keep its pod from the level."""
    pipeline = Pipeline.of(spec, platform)
    for step in steps(spec) if level == RESTRICTED else ():
        said = pipeline.pod(step.executor).security
        if said.get("runAsUser") == 0:
            yield Unmet(step.path, "runAsUser", "0", "any other user")
        if said.get("runAsNonRoot") is False:
            yield Unmet(step.path, "runAsNonRoot", "false", "true")
