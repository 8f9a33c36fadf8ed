"""The metrics of two runs side by side, and what may be said of their difference.

A step logs a measure as `accuracy`, and its interval of 95 % as `accuracy_low` and `accuracy_high`, from `accuracy_n`
items. The interval of the difference of two such measures is made of theirs (the method of variance estimates recovery:
Zou and Donner, Statistics in Medicine 27:1693, 2008; of Wilson's intervals it is Newcombe's hybrid score, 1998). It
takes the two runs as independent: on the same test items a difference may be real that is not distinguishable by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from generators.diff.model import Measure

SAME, UNKNOWN = "the same", "not distinguishable"
_PARTS = ("low", "high", "n")


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


def measures(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Every metric that either run has logged, in the order of the later one's steps; the parts of one are together."""
    ours, theirs = _values(after), _values(before)
    names = dict.fromkeys([*ours, *theirs])
    return tuple(_measure(name, theirs.get(name), ours.get(name)) for name in names)


def _values(metrics: Mapping[str, Any]) -> dict[str, _Value]:
    parts = {f"{name}_{part}" for name in metrics for part in _PARTS if f"{name}_low" in metrics}
    return {name: _value(name, metrics) for name in metrics if name not in parts}


def _value(name: str, metrics: Mapping[str, Any]) -> _Value:
    return _Value(metrics[name], *(metrics.get(f"{name}_{part}") for part in _PARTS))


def _measure(name: str, before: _Value | None, after: _Value | None) -> Measure:
    texts = ["" if each is None else str(each) for each in (before, after)]
    if before is None or after is None:
        return Measure(name, *texts, "", "only after the change" if before is None else "only before the change")
    if before == after:
        return Measure(name, *texts, "", SAME)
    if not (before.has_interval and after.has_interval):
        return Measure(name, *texts, "", "differs, by how much it would anyway is not known")
    low, high = _difference(before, after)
    verdict = UNKNOWN if low <= 0 <= high else "higher" if low > 0 else "lower"
    return Measure(name, *texts, f"{low:+.3g} to {high:+.3g}", verdict)


def _difference(before: _Value, after: _Value) -> Iterator[float]:
    """The ends of the interval of after - before."""
    change = after.value - before.value
    yield change - hypot(after.value - after.low, before.high - before.value)
    yield change + hypot(after.high - after.value, before.value - before.low)
