"""A training small enough for tests, and where the steps wrote what they made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROWS = 1600
FIXTURE = {  # what the raw fixture is cleaned with
    "time_column": "time",
    "channels": ["left", "middle", "right"],
    "spike_limit": 6.0,
    "longest_gap": 5.0,
}
ORIGIN = {"dataset_uid": "short", "dataset_digest": "abc"}


def document(**changed: Any) -> dict[str, Any]:
    """A configuration document; 2.0: KFP hands integers over as doubles."""
    return {
        "learning_rate": 0.01, "epochs": 3.0, "batch_size": 16, "stride": 3, "patience": 3, "validation_share": 0.15,
        "test_share": 0.2, "seed": 11, **changed,
    }  # fmt: skip


@dataclass(frozen=True)
class Trained:
    """The folders that the steps wrote, what was used, and the numbers of the evaluation."""

    data: Path
    model: Path
    evaluation: Path
    page: Path
    used: dict[str, Any]
    metrics: dict[str, float]
