"""What the held-out answers are worth: accuracy with its interval, the baselines, and transfer against scratch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError
from graft_steps.statistics import Paired, Proportion, across, majority, paired

if TYPE_CHECKING:
    from pathlib import Path

BETTER = "transfer beats scratch"


@dataclass(frozen=True)
class DrawScore:
    """Both networks of one draw on the same test items."""

    transfer: Proportion
    scratch: Proportion
    paired: Paired


@dataclass(frozen=True)
class Evaluation:
    """One variant's measurement, with what was `used` and the `outcomes` of training, one a draw, that it rests on.

    The model that may be registered is the transferred network of the first draw. `rounds` are the best validation
    accuracies after each round of the search, where there was one.
    """

    used: dict[str, Any]
    outcomes: list[dict[str, Any]]
    draws: tuple[DrawScore, ...]
    rounds: tuple[float, ...] = ()

    @property
    def accuracy(self) -> Proportion:
        """That of the model that may be registered, on the test items of its draw."""
        return self.draws[0].transfer

    @property
    def majority(self) -> float:
        """The accuracy that always naming the most frequent class would have on the same items."""
        return majority(self.outcomes[0]["test_truth"])

    @property
    def validation_accuracy(self) -> float:
        """The transferred networks of all draws together on validation items: variants are chosen by it."""
        parts = [_accuracy(outcome["validation_truth"], outcome["transfer"]["validation"]) for outcome in self.outcomes]
        return _summed(parts).value

    @property
    def transfer(self) -> Proportion:
        """The transferred networks of all draws together."""
        return _summed([draw.transfer for draw in self.draws])

    @property
    def scratch(self) -> Proportion:
        """The networks from scratch of all draws together."""
        return _summed([draw.scratch for draw in self.draws])

    @property
    def pooled(self) -> Paired:
        """All pairs of answers of all draws."""
        return sum((draw.paired for draw in self.draws[1:]), self.draws[0].paired)

    @property
    def across_draws(self) -> tuple[float, float] | None:
        """The interval of the difference when a draw counts as one observation."""
        return across([draw.paired.difference for draw in self.draws])

    @property
    def verdict(self) -> str:
        """What the intervals allow one to say: that over items, and where there are several draws that over draws."""
        intervals = [self.pooled.interval(), *([self.across_draws] if self.across_draws else [])]
        if all(low > 0 for low, _ in intervals):
            return BETTER
        if all(high < 0 for _, high in intervals):
            return "scratch beats transfer"
        return "no difference shown between transfer and scratch"

    def metrics(self) -> dict[str, float]:
        """The numbers that a record of the run keeps."""
        pooled, across_draws = self.pooled, self.across_draws
        low, high = pooled.interval()
        found = {
            "accuracy": self.accuracy.value,
            "accuracy_low": self.accuracy.low,
            "accuracy_high": self.accuracy.high,
            "accuracy_n": self.accuracy.n,
            "validation_accuracy": self.validation_accuracy,
            "majority_baseline": self.majority,
            "transfer_accuracy": self.transfer.value,
            "scratch_accuracy": self.scratch.value,
            "transfer_minus_scratch": pooled.difference,
            "transfer_minus_scratch_low": low,
            "transfer_minus_scratch_high": high,
            "transfer_minus_scratch_p": pooled.p_value(),
            "pooled_n": pooled.n,
        }
        if across_draws:
            found |= {"across_draws_low": across_draws[0], "across_draws_high": across_draws[1]}
        return found


def add_rounds(file: Path, rounds: tuple[float, ...]) -> None:
    """Write the best validation accuracies after each round into what training wrote down."""
    file.write_text(json.dumps({**json.loads(file.read_text()), "rounds": rounds}))


def add_answers(file: Path) -> None:
    """Write what the model that may be registered answered, an item a row: two runs are compared item by item by it."""
    written = json.loads(file.read_text())
    first = written["outcomes"][0]
    file.write_text(json.dumps({**written, "truth": first["test_truth"], "answers": first["transfer"]["test"]}))


def read(file: Path) -> Evaluation:
    """Measure what training wrote down."""
    written = json.loads(file.read_text())
    if not written["outcomes"]:
        raise StepError(f"{file} contains no draws: nothing to evaluate")
    draws = tuple(_score(outcome) for outcome in written["outcomes"])
    return Evaluation(written["used"], written["outcomes"], draws, tuple(written.get("rounds", ())))


def _score(outcome: dict[str, Any]) -> DrawScore:
    truth, transfer, scratch = outcome["test_truth"], outcome["transfer"]["test"], outcome["scratch"]["test"]
    return DrawScore(_accuracy(truth, transfer), _accuracy(truth, scratch), paired(truth, transfer, scratch))


def _accuracy(truth: list[int], answers: list[int]) -> Proportion:
    return Proportion(sum(true == answer for true, answer in zip(truth, answers, strict=True)), len(truth))


def _summed(parts: list[Proportion]) -> Proportion:
    return Proportion(sum(part.right for part in parts), sum(part.n for part in parts))
