"""Two verdicts on a run, each for itself: is the model good enough at all, and is it no worse than the champion.

To become the champion takes more than both: `graft_steps.gate` wants it better than the champion, so that an equal one
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graft_steps.statistics import Proportion

    from data_centric.champion import Compared

PASSED, FAILED, OPEN = "passed", "failed", "not compared"


@dataclass(frozen=True)
class Verdict:
    """One of passed, failed and not compared, with its reason."""

    outcome: str
    reason: str

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}"


def absolute(accuracy: Proportion, threshold: float) -> Verdict:
    """Whether the accuracy reaches the threshold."""
    reached = accuracy.value >= threshold
    return Verdict(
        PASSED if reached else FAILED, f"accuracy {accuracy} {'reaches' if reached else 'is below'} {threshold:.2f}"
    )


def no_regression(compared: Compared | None) -> Verdict:
    """Whether the whole interval of the difference to the champion is not below 0."""
    if compared is None:
        return Verdict(OPEN, "there is no champion yet")
    if compared.paired is None:
        return Verdict(OPEN, f"champion version {compared.version}: {compared.not_compared}")
    low, high = compared.paired.interval()
    p = compared.paired.p_value()
    text = (
        f"{compared.paired.difference:+.3f} to champion version {compared.version} (data {compared.data_version}) on "
        f"the same {compared.paired.n} test images, 95 % interval {low:+.3f} to {high:+.3f}, McNemar p "
        f"{'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    )
    if high < 0:
        return Verdict(FAILED, f"worse, {text}")
    return Verdict(PASSED, f"{'better' if low > 0 else 'no difference shown'}, {text}")
