"""What has no form in Argo Workflows: a short list of reasons, and the collector that reports every one of them once.

`docs/argo.md` holds the same list as a table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generators.errors import GraftError, Refused
from generators.model import Finding, Place

REASONS = {
    "condition": "a condition uses something of CEL that has no like in Argo's expressions, or is not valid CEL",
    "cycle": "tasks wait for each other, or a component contains itself",
    "deprecated": "a field that only SDKs before 2.0 wrote",
    "executor": "a task's executor is neither a container nor an importer, or is missing",
    "field": "a field that KFP does not know, such as a misspelt one",
    "graph": "a task refers to a task or an input that is not beside it",
    "image": "a container has no image",
    "input-artifact": "the pipeline takes an artifact as an input of the run",
    "lifecycle": "a container has a pre-cache check, which only Vertex AI runs",
    "loop": "a loop goes straight over a container component, so that its outputs cannot be told apart",
    "malformed": "it lacks what KFP's messages cannot do without, or has something of another kind in its place",
    "placeholder": "a placeholder names something that no pod of Argo knows",
    "platform": "a PlatformSpec is not for Kubernetes, or a task decides a field where Kubernetes wants a constant",
    "retry": "a back-off factor is no whole number",
    "selector": "a loop item is selected by an expression that kfp does not write",
    "size": "the manifest, or one argument of a container, is larger than Kubernetes or the kernel take",
    "storage": "the pipeline root is in a store that Argo's artifact repository is not",
    "task-config": "a component asks for the configuration of its task",
}


class NoForm(GraftError):
    """Something of a pipeline that has no form in Argo, for a `reason` of the list."""

    def __init__(self, reason: str, message: str, fix: str = "") -> None:
        super().__init__(message, fix)
        self.reason = reason


@dataclass
class Refusals:
    """Every reason against one pipeline, in the order found; `source` is the file that a reader knows it by."""

    source: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, reason: str, path: str, message: str, fix: str = "", found: str = "") -> None:
        """Refuse what stands at the task's `path`, for a reason of the list."""
        assert reason in REASONS
        finding = Finding("invalid", "argo", reason, Place(self.source), path, message, found=found, fix=fix)
        if finding not in self.findings:
            self.findings.append(finding)

    def take(self, path: str, error: GraftError, otherwise: str) -> None:
        """Refuse what stands at `path` for the reason of the error, or for another one where it names none."""
        self.add(getattr(error, "reason", otherwise), path, error.message, error.fix)

    def check(self) -> None:
        """Raise Refused where there is any."""
        if self.findings:
            raise Refused(self.findings)
