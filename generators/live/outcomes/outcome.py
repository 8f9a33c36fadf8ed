"""What became of a definition's newest run on one cluster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PROVED, FAILED, UNKNOWN = "succeeded", "failed", "unknown"


@dataclass(frozen=True)
class Outcome:
    """A cluster, the state of the newest run there, and why that is thought, in words."""

    cluster: str
    state: str
    why: str

    def __str__(self) -> str:
        return f"{self.cluster}: {self.why}"


def verdict(found: Iterable[Outcome]) -> str:
    """What several clusters say together: one that failed counts most, and one that succeeded is needed."""
    states = {each.state for each in found}
    return FAILED if FAILED in states else PROVED if PROVED in states else UNKNOWN
