"""The place of one process among those that train together: TF_CONFIG, as the training operator writes it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from graft_steps.checks import StepError

VARIABLE = "TF_CONFIG"
MASTERS, WORKER = ("chief", "master"), "worker"


@dataclass(frozen=True)
class Place:
    """The kind of a process (chief, master, worker, ps, evaluator), its index among those, and how many of each."""

    kind: str
    index: int
    kinds: dict[str, int]

    @classmethod
    def from_variable(cls) -> Place:
        """Read TF_CONFIG; StepError where it says nothing of use."""
        text = os.environ.get(VARIABLE, "")
        try:
            found: dict[str, Any] = json.loads(text)
            kinds = {kind: len(hosts) for kind, hosts in found["cluster"].items()}
            return cls(found["task"]["type"], int(found["task"]["index"]), kinds)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise StepError(f"{VARIABLE}: {text!r} does not say which process this is: {problem!r}") from problem

    @property
    def trains(self) -> bool:
        """Whether it holds a copy of the network."""
        return self.kind in (*MASTERS, WORKER)

    @property
    def writes(self) -> bool:
        """Whether it is the one that writes the result."""
        has_master = any(self.kinds.get(kind) for kind in MASTERS)
        return self.kind in MASTERS if has_master else (self.kind, self.index) == (WORKER, 0)

    @property
    def rank(self) -> int:
        """Its number among those that train, the master's is 0."""
        masters = sum(self.kinds.get(kind, 0) for kind in MASTERS)
        return self.index + (masters if self.kind == WORKER else 0)

    @property
    def size(self) -> int:
        """How many train."""
        return sum(self.kinds.get(kind, 0) for kind in (*MASTERS, WORKER))

    def __str__(self) -> str:
        return f"{self.kind} {self.index}"


def configurations(hosts: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(name, TF_CONFIG) of each process of a cluster that is given as kind to addresses."""
    return [
        (f"{kind} {index}", json.dumps({"cluster": hosts, "task": {"type": kind, "index": index}}))
        for kind, addresses in hosts.items()
        for index in range(len(addresses))
    ]
