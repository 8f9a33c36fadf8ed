"""A measured value with its interval: what a gate judges, whatever the measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A measured value with the ends of its interval, from `n` items, and which way is better."""

    name: str
    value: float
    low: float
    high: float
    n: int
    higher_is_better: bool = True

    @property
    def cautious(self) -> float:
        """The end of the interval that is less good."""
        return self.low if self.higher_is_better else self.high

    def beats(self, value: float) -> bool:
        """Whether the whole interval is better than `value`."""
        return self.is_better(self.cautious, value)

    def is_better(self, one: float, other: float) -> bool:
        """Whether `one` is better than `other`, both values of this measure."""
        return one > other if self.higher_is_better else one < other

    def metrics(self) -> dict[str, float]:
        """Its numbers by the names that a record keeps them under."""
        return {self.name: self.value, f"{self.name}_low": self.low, f"{self.name}_high": self.high} | {
            f"{self.name}_n": float(self.n)
        }

    def as_json(self) -> dict[str, Any]:
        """Plain values, which `Estimate(**...)` takes again."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{short(self.value)} (n={self.n}, {self._interval})"

    @property
    def _interval(self) -> str:
        between = "-" if self.low >= 0 else " to "
        return f"{short(self.low)}{between}{short(self.high)}"


def short(value: float) -> str:
    """A value for people: two decimals, or two digits where two decimals would show nothing of it."""
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
