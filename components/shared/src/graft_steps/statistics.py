"""What a measured number is worth: its interval, and that of a difference of two on the same items.

Wilson's interval of a proportion (Wilson 1927), Student's of a mean, the percentile bootstrap (Efron 1979) of anything
else, McNemar's exact test and Agresti and Min's interval (2005) of a paired difference of proportions. All are of 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from graft_steps.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Z95 = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Proportion:
    """`right` out of `n`, with Wilson's interval."""

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

    def estimate(self, name: str = "accuracy") -> Estimate:
        """The same as a named measure, of which more is better."""
        return Estimate(name, self.value, self.low, self.high, self.n)

    def _interval(self) -> tuple[float, float]:
        low, high = proportion_confint(self.right, self.n, method="wilson")
        return float(low), float(high)

    def __str__(self) -> str:
        return str(self.estimate())


def mean(name: str, values: Sequence[float], higher_is_better: bool = True) -> Estimate:
    """The mean of one value an item, such as a squared error, with Student's interval."""
    found = np.asarray(values, np.float64)
    value = float(found.mean())
    if len(found) < 2 or np.ptp(found) == 0:
        return Estimate(name, value, value, value, len(found), higher_is_better)
    low, high = stats.ttest_1samp(found, 0.0).confidence_interval(0.95)
    return Estimate(name, value, float(low), float(high), len(found), higher_is_better)


def bootstrapped(
    name: str,
    measure: Callable[..., float],
    columns: Sequence[np.ndarray],
    seed: int,
    higher_is_better: bool = True,
    times: int = 500,
) -> Estimate:
    """A measure of whole columns, such as R2 of truth and answers, with the bootstrap's percentile interval.

    `columns` are arrays of the same length, a row an item; rows are drawn again together, `times` times.
    """
    rng, count = np.random.default_rng(seed), len(columns[0])
    drawn = [measure(*(column[rows] for column in columns)) for rows in rng.integers(0, count, (times, count))]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(name, float(measure(*columns)), float(low), float(high), count, higher_is_better)


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
        """The interval of the difference: Wald's, with half an item added to each cell (Agresti and Min 2005)."""
        first, second, n = self.only_first + 0.5, self.only_second + 0.5, self.n + 2
        centre = (first - second) / n
        half = Z95 * sqrt(first + second - (first - second) ** 2 / n) / n
        return max(-1.0, centre - half), min(1.0, centre + half)

    def p_value(self) -> float:
        """McNemar's exact test: how likely so uneven a split of the disagreements is between two equals."""
        agreed = self.n - self.only_first - self.only_second
        return float(mcnemar([[agreed, self.only_first], [self.only_second, 0]], exact=True).pvalue)


def paired(truth: Sequence[int], first: Sequence[int], second: Sequence[int]) -> Paired:
    """Count where two classifiers' answers to the same items differ in being right."""
    rights = [(a == t, b == t) for t, a, b in zip(truth, first, second, strict=True)]
    return Paired(rights.count((True, False)), rights.count((False, True)), len(rights))


def mean_difference(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """The mean of one value an item less that of another on the same items, with the ends of Student's interval."""
    found = mean("difference", np.subtract(first, second))
    return found.value, found.low, found.high


def across(differences: Sequence[float]) -> tuple[float, float] | None:
    """Student's interval of the mean difference, with draws as what varies, not items; None for one draw."""
    if len(differences) < 2:
        return None
    found = mean("difference", differences)
    return found.low, found.high


def majority(truth: Sequence[int]) -> float:
    """The accuracy of always naming the class that is most frequent in `truth`."""
    return max(list(truth).count(label) for label in set(truth)) / len(truth)
