"""What a template runs, as far as its own text says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# An input that the pipeline does not have: for the pod's settings alone, or the keys of a list of artifacts.
KEYS = "graft-keys-"
EXTRA = re.compile(r"graft-(platform-\d+|keys-.*)")


@dataclass(frozen=True)
class Run:
    """What a template runs.

    delivered  the inputs whose values get into what is run; None where nothing says it
    stated     what the pod itself takes an input for, where it differs from what Argo does
    facts      further fields of a Task
    """

    kind: str
    delivered: Collection[str] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def with_facts(self, facts: Mapping[str, Any]) -> Run:
        return replace(self, facts={**self.facts, **facts})

    def without_artifact(self, name: str) -> Run:
        """The same, where the content of the input `name` is not brought after all."""
        artifacts = {key: value for key, value in self.facts.get("artifacts", {}).items() if key != f"input {name}"}
        return self.with_facts({"artifacts": artifacts})

    def agreed(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """What a template declares of its inputs; where its pod says something else, both."""
        return {
            name: said if self.stated.get(name, said) == said else f"{said}, but {self.stated[name]} in the pod"
            for name, said in inputs.items()
        }
