"""Whether a model may become the champion: a pure decision on numbers, in words that a person can check.

1. the whole interval of its estimate is better than the baseline
2. its estimate reaches the threshold
3. it beats the champion on the same test items, where the two can be compared; a tie is not enough
"""

from __future__ import annotations

from dataclasses import dataclass

from graft_steps.estimate import Estimate, short


@dataclass(frozen=True)
class Baseline:
    """What a model must be better than, with a name that ends a sentence: "always naming the most frequent class"."""

    name: str
    value: float


@dataclass(frozen=True)
class ChampionComparison:
    """Champion and challenger, the model to decide about, on the same test items; or why they cannot be compared."""

    version: str
    champion: Estimate | None = None
    challenger: Estimate | None = None
    not_compared: str = ""


@dataclass(frozen=True)
class Decision:
    """The outcome with its reason."""

    accepted: bool
    reason: str


def decide(
    estimate: Estimate, baseline: Baseline, threshold: float, comparison: ChampionComparison | None = None
) -> Decision:
    """Apply the three rules; a refusal names every rule that was not met."""
    name = estimate.name.replace("_", " ")
    objections = []
    if not estimate.beats(baseline.value):
        objections.append(f"{name} {estimate} does not beat {baseline.name}: {short(baseline.value)}")
    if estimate.is_better(threshold, estimate.value):
        side = "below" if estimate.higher_is_better else "above"
        objections.append(f"{name} {estimate} is {side} the threshold {short(threshold)}")
    if comparison and (objection := _objection(comparison)):
        objections.append(objection)
    if objections:
        return Decision(False, "; ".join(objections) + "; not registered")
    passed = (
        f"{name} {estimate} beats {baseline.name} ({short(baseline.value)}) and reaches the threshold "
        f"({short(threshold)})"
    )
    return Decision(True, f"{passed}; {_about(comparison)}")


def _objection(comparison: ChampionComparison) -> str | None:
    champion, challenger = comparison.champion, comparison.challenger
    if not champion or not challenger or challenger.is_better(challenger.value, champion.value):
        return None
    verb = "only equals" if challenger.value == champion.value else "does not beat"
    known = f"champion version {comparison.version}: {short(champion.value)} on the same test items"
    return f"{challenger} {verb} {known}"


def _about(comparison: ChampionComparison | None) -> str:
    if comparison is None:
        return "there is no champion yet"
    version, champion = comparison.version, comparison.champion
    if champion is None:
        return f"champion version {version} was not compared: {comparison.not_compared}"
    return f"beats champion version {version}: {short(champion.value)} on the same {champion.n} test items"
