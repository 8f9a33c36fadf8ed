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
class ChampionComparison:
    """Champion and challenger, the model to decide about, on the same test items; or why they cannot be compared."""

    version: str
    champion: Proportion | None = None
    challenger: Proportion | None = None
    not_compared: str = ""


@dataclass(frozen=True)
class Decision:
    """The outcome with its reason."""

    accepted: bool
    reason: str


def decide(accuracy: Proportion, majority: float, threshold: float, comparison: ChampionComparison | None) -> Decision:
    """Apply the three rules; a refusal names every rule that was not met."""
    objections = []
    if accuracy.low <= majority:
        objections.append(f"{accuracy} does not beat always naming the most frequent class: {majority:.2f}")
    if accuracy.value < threshold:
        objections.append(f"{accuracy} is below the threshold {threshold:.2f}")
    if comparison and (objection := _objection(comparison)):
        objections.append(objection)
    if objections:
        return Decision(False, "; ".join(objections) + "; not registered")
    passed = f"{accuracy} beats the most frequent class ({majority:.2f}) and reaches the threshold ({threshold:.2f})"
    return Decision(True, f"{passed}; {_about(comparison)}")


def _objection(comparison: ChampionComparison) -> str | None:
    champion, challenger = comparison.champion, comparison.challenger
    if not champion or not challenger or challenger.value > champion.value:
        return None
    verb = "only equals" if challenger.value == champion.value else "does not beat"
    return f"{challenger} {verb} champion version {comparison.version}: {champion.value:.2f} on the same test items"


def _about(comparison: ChampionComparison | None) -> str:
    if comparison is None:
        return "there is no champion yet"
    version, champion = comparison.version, comparison.champion
    if champion is None:
        return f"champion version {version} was not compared: {comparison.not_compared}"
    return f"beats champion version {version}: {champion.value:.2f} on the same {champion.n} test items"
