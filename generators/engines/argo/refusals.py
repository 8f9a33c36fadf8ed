"""What has no Argo equivalent: a short list of reasons, and the collector that reports every one of them once.

`docs/argo.md` holds the same list as a table; a test holds the two together. What is wrong with a pipeline for any
engine is not here: `generators.ir.validate` has said it before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from generators.errors import GraftError
from generators.inventory.paths import KeyPath
from generators.model import Finding, Place

REASONS = {
    "condition": "a condition uses something of CEL that Argo's expressions do not have",
    "deprecated": "a field that only SDKs before 2.0 wrote",
    "executor": "a task's executor is neither a container nor an importer",
    "input-artifact": "the pipeline takes an artifact as an input of the run",
    "lifecycle": "a container has a pre-cache check, which only Vertex AI runs",
    "loop": "a loop goes straight over a container component, so that its outputs cannot be told apart",
    "placeholder": "a placeholder names something that no pod of Argo knows",
    "platform": "a PlatformSpec is not for Kubernetes, or a task decides a field where Kubernetes wants a constant",
    "pod-security": "a step's own code says that it runs as root, and the cluster's level takes no such pod",
    "retry": "a back-off factor is not a whole number",
    "size": "the manifest, or one argument of a container, is larger than Kubernetes or the kernel take",
    "storage": "the pipeline root is in a store that Argo's artifact repository is not",
    "task-config": "a component asks for the configuration of its task",
}

# Where that stands in a compiled pipeline which an aspect, or else a reason, is about: keys below a task, its
# component, its executor or the pipeline itself.
_FIELD_OF_ASPECT: Mapping[Any, KeyPath] = {
    "env": ("container", "env"),
    "image": ("container", "image"),
    "resources": ("container", "resources"),
}
_FIELD_OF_REASON: Mapping[str, KeyPath] = {
    "condition": ("triggerPolicy", "condition"),
    "loop": ("parameterIterator",),
    "placeholder": ("container",),
    "retry": ("retryPolicy", "backoffFactor"),
    "storage": ("defaultPipelineRoot",),
}


class Unsupported(GraftError):
    """Something of a pipeline that has no Argo equivalent, for a `reason` of the list.

    `aspect` is the key path, below a step of an inventory, of what may have asked for it: ("retry", "factor").
    """

    def __init__(self, reason: str, message: str, fix: str = "", aspect: KeyPath = ()) -> None:
        super().__init__(message, fix)
        self.reason = reason
        self.aspect = aspect


@dataclass(frozen=True)
class Refusal:
    """One reason against a pipeline: at the step, or the group, `path`, and where it came from as in `Unsupported`.

    `field` is where it stands in the compiled pipeline, if not where its aspect or its reason says. With the verdict
    `warning` it is compiled all the same, and may fail when it runs.
    """

    reason: str
    path: str
    message: str
    fix: str = ""
    aspect: KeyPath = ()
    verdict: str = "invalid"
    field: KeyPath = ()

    @property
    def where(self) -> KeyPath:
        """Where it stands in a compiled pipeline: keys below the task, its component, its executor or the pipeline."""
        of_aspect = _FIELD_OF_ASPECT.get(self.aspect[0], ()) if self.aspect else ()
        return self.field or of_aspect or _FIELD_OF_REASON.get(self.reason, ())

    def finding(self, source: str) -> Finding:
        """The finding of it in the file `source`."""
        return Finding(self.verdict, "argo", self.reason, Place(source), self.path, self.message, fix=self.fix)


@dataclass
class Refusals:
    """Every reason against one pipeline, in the order found."""

    found: list[Refusal] = field(default_factory=list)

    def add(
        self, reason: str, path: str, message: str, fix: str = "", aspect: KeyPath = (), field: KeyPath = ()
    ) -> None:
        """Refuse what stands at the task's `path`, for a reason of the list."""
        assert reason in REASONS
        refusal = Refusal(reason, path, message, fix, aspect, field=field)
        if refusal not in self.found:
            self.found.append(refusal)

    def warn(self, reason: str, path: str, message: str, fix: str) -> None:
        """Say what may fail when it runs."""
        self.found.append(Refusal(reason, path, message, fix, verdict="warning"))

    @property
    def is_refused(self) -> bool:
        return any(refusal.verdict != "warning" for refusal in self.found)

    @contextmanager
    def at(self, path: str, aspect: KeyPath = ()) -> Iterator[None]:
        """Refuse at `path` what the block finds Unsupported, and go on after it; `aspect` where it names none."""
        try:
            yield
        except Unsupported as error:
            self.add(error.reason, path, error.message, error.fix, error.aspect or aspect)
