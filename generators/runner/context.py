"""What every part of one run shares: the pipeline, the settings, the record, the slots for processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.runner.cancel import Token
from generators.runner.record import Record
from generators.runner.settings import Settings


@dataclass(frozen=True)
class Context:
    """One run. `names` are those of the job, as placeholders have them; `interrupted` ends everything."""

    spec: Mapping[str, Any]
    pods: Mapping[str, Mapping[str, Any]]
    settings: Settings
    packages: Mapping[str, Path]
    secret: Callable[[str], str | None]
    directory: Path
    names: Mapping[str, str]
    record: Record
    slots: threading.Semaphore
    interrupted: Token = field(default_factory=Token)

    def component(self, task: Mapping[str, Any]) -> Mapping[str, Any]:
        """The component that a task runs."""
        return self.spec["components"][task["componentRef"]["name"]]

    def executor(self, label: str) -> Mapping[str, Any]:
        """The executor of a label: a container or an importer."""
        return self.spec["deploymentSpec"]["executors"][label]


def pods(platform_spec: Mapping[str, Any] | None) -> Mapping[str, Mapping[str, Any]]:
    """Executor label to what the PlatformSpec says of its pod on Kubernetes."""
    kubernetes = (platform_spec or {}).get("platforms", {}).get("kubernetes", {})
    return kubernetes.get("deploymentSpec", {}).get("executors", {})
