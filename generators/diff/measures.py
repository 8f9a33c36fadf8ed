"""The metrics of two runs side by side, and what may be said of their difference.

A step logs a measure as `accuracy`, and its interval of 95 % as `accuracy_low` and `accuracy_high`, from `accuracy_n`
items. The interval of the difference of two such measures is made of theirs (the method of variance estimates recovery:
Zou and Donner, Statistics in Medicine 27:1693, 2008; of Wilson's intervals it is Newcombe's hybrid score, 1998). It
takes the two runs as independent. Where both have answered the same test items it is that of `paired` instead, which
tells smaller differences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from generators.diff.model import Measure
from generators.diff.paired import Difference, Items, difference

SAME, UNKNOWN = "the same", "not distinguishable"
_PARTS = ("low", "high", "n")
Steps = Mapping[str, Items]


@dataclass(frozen=True)
class _Value:
    value: Any
    low: float | None = None
    high: float | None = None
    n: float | None = None

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None

    def __str__(self) -> str:
        if not isinstance(self.value, float | int) or isinstance(self.value, bool):
            return str(self.value)
        items = f"n={self.n:g}, " if self.n is not None else ""
        return f"{self.value:.4g}" + (f" ({items}{self.low:.3g} to {self.high:.3g})" if self.has_interval else "")


def measures(
    before: Mapping[str, Any], after: Mapping[str, Any], items: tuple[Steps, Steps] = ({}, {})
) -> tuple[Measure, ...]:
    """Every metric that either run has logged, in the order of the later one's steps; the parts of one are together.

    `items` are the answered test items of both runs, by the step that evaluates.
    """
    ours, theirs = _values(after), _values(before)
    names = dict.fromkeys([*ours, *theirs])
    return tuple(_measure(name, theirs.get(name), ours.get(name), items) for name in names)


def _values(metrics: Mapping[str, Any]) -> dict[str, _Value]:
    parts = {f"{name}_{part}" for name in metrics for part in _PARTS if f"{name}_low" in metrics}
    return {name: _value(name, metrics) for name in metrics if name not in parts}


def _value(name: str, metrics: Mapping[str, Any]) -> _Value:
    return _Value(metrics[name], *(metrics.get(f"{name}_{part}") for part in _PARTS))


def _measure(name: str, before: _Value | None, after: _Value | None, items: tuple[Steps, Steps]) -> Measure:
    texts = ["" if each is None else str(each) for each in (before, after)]
    if before is None or after is None:
        return Measure(name, *texts, "", "only after the change" if before is None else "only before the change")
    if before == after:
        return Measure(name, *texts, "", SAME)
    if found := _on_the_same_items(name, before, after, items):
        verdict = UNKNOWN if not found.told else "higher" if found.low > 0 else "lower"
        return Measure(name, *texts, _between(found.low, found.high), verdict, found.how)
    if not (before.has_interval and after.has_interval):
        return Measure(name, *texts, "", "differs, by how much it would anyway is not known")
    low, high = _difference(before, after)
    verdict = UNKNOWN if low <= 0 <= high else "higher" if low > 0 else "lower"
    return Measure(name, *texts, _between(low, high), verdict, "as of independent runs")


def _on_the_same_items(name: str, before: _Value, after: _Value, items: tuple[Steps, Steps]) -> Difference | None:
    step, _, metric = name.rpartition(": ")
    old, new = (known.get(step) for known in items)
    numbers = all(isinstance(each.value, int | float) for each in (before, after))
    return difference(metric, (old, before.value), (new, after.value)) if old and new and numbers else None


def _between(low: float, high: float) -> str:
    return f"{low:+.3g} to {high:+.3g}"


def _difference(before: _Value, after: _Value) -> Iterator[float]:
    """The ends of the interval of after - before."""
    change = after.value - before.value
    yield change - hypot(after.value - after.low, before.high - before.value)
    yield change + hypot(after.high - after.value, before.value - before.low)
