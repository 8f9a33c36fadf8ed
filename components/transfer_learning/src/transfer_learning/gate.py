"""Whether a model may become the champion: a pure decision on numbers, in words that a person can check.

1. the lower end of its accuracy's interval is above the majority class
2. its accuracy is not below the threshold
3. it beats the champion on the same test items, where the two can be compared; a tie is not enough
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transfer_learning.statistics import Proportion


@dataclass(frozen=True)
class Rival:
    """The champion and the model on trial on the same `test items`, or `unknown`: why they cannot be compared."""

    version: str
    champion: Proportion | None = None
    trial: Proportion | None = None
    unknown: str = ""


@dataclass(frozen=True)
class Decision:
    """The outcome with its reason."""

    accepted: bool
    reason: str


def decide(accuracy: Proportion, majority: float, threshold: float, rival: Rival | None) -> Decision:
    """Apply the three rules; a refusal names every rule that was not met."""
    objections = []
    if accuracy.low <= majority:
        objections.append(f"{accuracy} does not beat always naming the most frequent class: {majority:.2f}")
    if accuracy.value < threshold:
        objections.append(f"{accuracy} is below the threshold {threshold:.2f}")
    if rival and rival.champion and rival.trial and rival.trial.value <= rival.champion.value:
        word = "only equals" if rival.trial.value == rival.champion.value else "does not beat"
        objections.append(
            f"{rival.trial} {word} champion version {rival.version}: {rival.champion.value:.2f} on the same test items"
        )
    if objections:
        return Decision(False, "; ".join(objections) + "; not registered")
    passed = f"{accuracy} beats the most frequent class ({majority:.2f}) and reaches the threshold ({threshold:.2f})"
    return Decision(True, f"{passed}; {_against(rival)}")


def _against(rival: Rival | None) -> str:
    if rival is None:
        return "there is no champion yet"
    if rival.champion is None:
        return f"champion version {rival.version} was not compared: {rival.unknown}"
    return (
        f"beats champion version {rival.version}: {rival.champion.value:.2f} on the same {rival.champion.n} test items"
    )
