"""The few statistics that say how much a measured accuracy, or a difference of two, is worth.

Wilson's interval of a proportion (Wilson 1927), McNemar's exact test with the mid-p correction (Fagerland, Lydersen,
Laake 2013) and Agresti and Min's interval of a paired difference (2005): they hold for small samples too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Proportion:
    """`right` out of `n`, with Wilson's 95 % interval."""

    right: int
    n: int

    @property
    def value(self) -> float:
        """The share that is right."""
        return self.right / self.n

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self._interval()[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self._interval()[1]

    def _interval(self) -> tuple[float, float]:
        square = Z95**2
        centre = (self.right + square / 2) / (self.n + square)
        half = Z95 / (self.n + square) * sqrt(self.right * (self.n - self.right) / self.n + square / 4)
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        return f"{self.value:.2f} (n={self.n}, {self.low:.2f}-{self.high:.2f})"


@dataclass(frozen=True)
class Paired:
    """Two classifiers on the same `n` items: how often only the first was right, and only the second."""

    only_first: int
    only_second: int
    n: int

    def __add__(self, other: Paired) -> Paired:
        return Paired(self.only_first + other.only_first, self.only_second + other.only_second, self.n + other.n)

    @property
    def difference(self) -> float:
        """Accuracy of the first less that of the second."""
        return (self.only_first - self.only_second) / self.n

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference: Wald's, with half an item added to each cell of the table."""
        first, second, n = self.only_first + 0.5, self.only_second + 0.5, self.n + 2
        centre = (first - second) / n
        half = Z95 * sqrt(first + second - (first - second) ** 2 / n) / n
        return max(-1.0, centre - half), min(1.0, centre + half)

    def p_value(self) -> float:
        """McNemar's mid-p: how likely so uneven a split of the disagreements is between two equals."""
        disagreements, fewer = self.only_first + self.only_second, min(self.only_first, self.only_second)
        tail = sum(comb(disagreements, k) for k in range(fewer + 1))
        return (2 * tail - comb(disagreements, fewer)) / 2**disagreements


def paired(truth: Sequence[int], first: Sequence[int], second: Sequence[int]) -> Paired:
    """Count where two classifiers' answers to the same items differ in being right."""
    rights = [(a == t, b == t) for t, a, b in zip(truth, first, second, strict=True)]
    return Paired(rights.count((True, False)), rights.count((False, True)), len(rights))


def across(differences: Sequence[float]) -> tuple[float, float] | None:
    """Student's 95 % interval of the mean difference, with draws as what varies, not items; None for one draw."""
    if len(differences) < 2:
        return None
    from scipy.special import stdtrit  # the quantile of t, and nothing else of scipy

    count = len(differences)
    mean = sum(differences) / count
    deviation = sqrt(sum((each - mean) ** 2 for each in differences) / (count - 1))
    half = float(stdtrit(count - 1, 0.975)) * deviation / sqrt(count)
    return mean - half, mean + half


def majority(truth: Sequence[int]) -> float:
    """The accuracy of always naming the class that is most frequent in `truth`."""
    return max(list(truth).count(label) for label in set(truth)) / len(truth)
