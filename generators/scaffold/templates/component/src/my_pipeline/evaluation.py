"""What a model got right on the held-out part, and what that is compared with; kept in a folder between two steps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError
from graft_steps.statistics import Proportion, majority

if TYPE_CHECKING:
    from pathlib import Path

    from graft_steps.estimate import Estimate

FILE = "evaluation.json"
BASELINE = "always naming the most frequent class"


@dataclass(frozen=True)
class Evaluation:
    """The truth and the answers on the held-out part, its digest, and the facts of the run."""

    truth: list[int]
    answers: list[int]
    test_digest: str
    used: dict[str, Any]

    @property
    def accuracy(self) -> Estimate:
        """The share of right answers with its interval."""
        right = sum(one == other for one, other in zip(self.truth, self.answers, strict=True))
        return Proportion(right, len(self.truth)).estimate()

    @property
    def baseline(self) -> float:
        """The accuracy of always naming the most frequent class."""
        return majority(self.truth)

    def metrics(self) -> dict[str, float]:
        """Its numbers by name."""
        return {**self.accuracy.metrics(), "baseline": self.baseline}

    def verdict(self) -> str:
        """The main number in one sentence."""
        return f"Accuracy {self.accuracy} on held-out items; {BASELINE}: {self.baseline:.2f}"


def write(evaluation: Evaluation, folder: Path) -> None:
    """Keep an evaluation in a folder, for `read`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(asdict(evaluation)))


def read(folder: Path) -> Evaluation:
    """What `write` kept."""
    try:
        return Evaluation(**json.loads((folder / FILE).read_text()))
    except (OSError, ValueError, TypeError) as problem:
        raise StepError(f"{folder / FILE} cannot be read: {problem}") from problem
